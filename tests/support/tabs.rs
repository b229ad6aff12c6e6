//! Tabs of one origin, each with a debugger that shares what the tenant allows.

use super::BASE;
use cognigy_session_debugger::client::{DebuggerOptions, SessionDebugger, Tabs, TabsOptions};
use cognigy_session_debugger::platform::{Spawn, VirtualTab};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use std::cell::Cell;
use std::rc::Rc;

pub(crate) fn shared(tab: &VirtualTab, options: DebuggerOptions, share_token: bool) -> SessionDebugger {
    let among = TabsOptions { share_token, rate: options.rate_limit, ..TabsOptions::new(BASE) };
    let tabs = Tabs::new(Rc::new(tab.clone()), &among);
    let options = DebuggerOptions { coordinator: Some(Rc::new(tabs)), ..options };
    SessionDebugger::new(options, Rc::new(tab.clone())).unwrap()
}

/// Reads so many sessions in a tab, in the background. Counts those that succeeded.
pub(crate) fn sweep(tab: &VirtualTab, debugger: &SessionDebugger, sessions: usize) -> Rc<Cell<usize>> {
    let done = Rc::new(Cell::new(0));
    let (count, debugger) = (Rc::clone(&done), debugger.clone());
    tab.spawn(Box::pin(async move {
        let queries = (0..sessions).map(|number| VariableQuery::session(format!("s{number}")));
        let mut outcomes = debugger.snapshots(queries, None);
        while let Some(outcome) = outcomes.next().await {
            outcome.result.unwrap();
            count.set(count.get() + 1);
        }
    }));
    done
}
