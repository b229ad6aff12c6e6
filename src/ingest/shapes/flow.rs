//! A flow: `{context, referenceId, …}`, whose context is what every session of it begins with.

use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::JsonKind;

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    top.has("context") && top.is("referenceId", JsonKind::String)
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    walk.tell_replaced(top, "context", "$")?;
    if let Some(context) = top.member("context") {
        walk.namespace(context, "$", "default")?;
    }
    walk.beside(top, "$", Label::Fixed("flow"), &["context"])
}
