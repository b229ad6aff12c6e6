//! The sandbox's command line.

use std::path::PathBuf;

use crate::tenant::{Paging, Settings};

/// What `--help` prints.
pub const HELP: &str = "\
sandbox: a broker, a tenant to try the debugger against, and the built page, on one loopback port

  --port <n>             default 4173; 0 picks a free one
  --page <dir>           the built page; default dist
  --paging <form>        cursor (default), link or number
  --token-lifetime <s>   life of a token in seconds; default 900
  --cors-origin <o>      a page of this origin may read the tenant; may be given again
  --help
";

/// How to start the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The port. 0: a free one.
    pub port: u16,
    /// The directory of the built page.
    pub page: PathBuf,
    /// The tenant's settings.
    pub settings: Settings,
    /// Only print [`HELP`].
    pub help: bool,
}

impl Options {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// One sentence about the first argument that cannot be used.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Options, String> {
        let mut options =
            Options { port: 4173, page: PathBuf::from("dist"), settings: Settings::default(), help: false };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let (name, given) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            if name == "--help" {
                options.help = true;
                continue;
            }
            let value = given.or_else(|| arguments.next()).ok_or_else(|| format!("{name} needs a value."))?;
            options.set(&name, value)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        let unusable = || format!("{name} cannot be {value:?}.");
        match name {
            "--port" => self.port = value.parse().map_err(|_| unusable())?,
            "--page" => self.page = PathBuf::from(value),
            "--paging" => self.settings.paging = Paging::parse(&value).ok_or_else(unusable)?,
            "--token-lifetime" => self.settings.token_lifetime = value.parse().map_err(|_| unusable())?,
            "--cors-origin" => self.settings.cors_origins.push(value),
            _ => return Err(format!("{name} is not known; --help lists what is.")),
        }
        Ok(())
    }
}
