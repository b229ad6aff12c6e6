//! The broker's configuration from environment variables. Whatever is missing is said at once, all of it.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::HeaderName;

use super::config::BrokerConfig;
use super::origin::TenantOrigin;
use super::secret::Secret;
use super::users::HeaderUsers;

/// Everything that the program needs to start.
#[derive(Debug)]
pub struct Environment {
    /// How the tenant is reached.
    pub config: BrokerConfig,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The origin under which the team's console is served.
    pub public_origin: String,
    /// Who may have tokens.
    pub users: HeaderUsers,
    /// Further certificates to believe.
    pub ca_file: Option<PathBuf>,
}

/// What keeps the broker from starting: one sentence for each variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub Vec<String>);

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "The broker does not start:")?;
        self.0.iter().try_for_each(|line| writeln!(formatter, "  {line}"))
    }
}

impl std::error::Error for Missing {}

/// Looks variables up and collects what is wrong with them.
struct Reader<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    file: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn optional(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn required(&mut self, name: &str, what: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.wrong.push(format!("{name} is missing: {what}."));
            String::new()
        })
    }

    /// A secret in `NAME`, or in the file that `NAME_FILE` names, as container platforms mount them.
    fn secret(&mut self, name: &str) -> Option<Secret> {
        if let Some(path) = self.optional(&format!("{name}_FILE")) {
            let text = (self.file)(&path).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            if text.is_none() {
                self.wrong.push(format!("{name}_FILE names a file that cannot be read or is empty."));
            }
            return text.map(Secret::new);
        }
        self.optional(name).map(Secret::new)
    }

    /// Checks a text that is there; what was missing has been said already.
    fn checked<T, E: fmt::Display>(&mut self, name: &str, text: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(_) if text.is_empty() => None,
            Err(error) => {
                self.wrong.push(format!("{name} {error}."));
                None
            }
        }
    }
}

/// Reads the variables by `variable` and secret files by `file`.
///
/// # Errors
/// [`Missing`] lists every variable that is missing or wrong. No message holds a value.
pub fn from_environment(
    variable: &dyn Fn(&str) -> Option<String>,
    file: &dyn Fn(&str) -> Option<String>,
) -> Result<Environment, Missing> {
    let mut reader = Reader { variable, file, wrong: Vec::new() };
    let config = config(&mut reader);
    let listen = listen(&mut reader);
    let public_origin = public_origin(&mut reader);
    let users = users(&mut reader, listen);
    let ca_file = reader.optional("BROKER_CA_FILE").map(PathBuf::from);
    match (config, listen, reader.wrong.is_empty()) {
        (Some(config), Some(listen), true) => Ok(Environment { config, listen, public_origin, users, ca_file }),
        _ => Err(Missing(reader.wrong)),
    }
}

fn config(reader: &mut Reader<'_>) -> Option<BrokerConfig> {
    let url = reader.required("BROKER_TENANT_URL", "the tenant, such as https://tenant.example");
    let tenant = reader.checked("BROKER_TENANT_URL", &url, TenantOrigin::parse(&url));
    let client_id = reader.required("BROKER_CLIENT_ID", "the client's id at the tenant");
    let secret = reader.secret("BROKER_CLIENT_SECRET");
    if secret.is_none() && reader.optional("BROKER_CLIENT_SECRET_FILE").is_none() {
        reader.wrong.push("BROKER_CLIENT_SECRET or BROKER_CLIENT_SECRET_FILE is missing: the client's secret.".into());
    }
    let mut config = BrokerConfig::new(tenant?, client_id, secret?);
    if let Some(scopes) = reader.optional("BROKER_SCOPES") {
        config.scopes = scopes.split_whitespace().map(str::to_owned).collect();
    }
    if let Some(path) = reader.optional("BROKER_TOKEN_PATH") {
        let begins = if path.starts_with('/') { Ok(()) } else { Err("must begin with a slash") };
        reader.checked("BROKER_TOKEN_PATH", &path, begins);
        config.token_path = path;
    }
    if let Some(path) = reader.optional("BROKER_VARIABLES_PATH") {
        let fits = path.starts_with('/') && path.contains("/{sessionId}");
        let fits = if fits { Ok(()) } else { Err("must begin with a slash and have /{sessionId} in it") };
        reader.checked("BROKER_VARIABLES_PATH", &path, fits);
        config.variables_path = path;
    }
    config.relay = match reader.optional("BROKER_RELAY").as_deref() {
        None | Some("off") => false,
        Some("on") => true,
        Some(_) => {
            reader.wrong.push("BROKER_RELAY is on or off.".to_owned());
            false
        }
    };
    Some(config)
}

fn listen(reader: &mut Reader<'_>) -> Option<SocketAddr> {
    let text = reader.optional("BROKER_LISTEN").unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    let parsed = text.parse().map_err(|_| "is an address with a port, such as 127.0.0.1:8090");
    reader.checked("BROKER_LISTEN", &text, parsed)
}

fn public_origin(reader: &mut Reader<'_>) -> String {
    let name = "BROKER_PUBLIC_ORIGIN";
    let text = reader.required(name, "the origin of the team's console, such as https://console.example");
    // The same rule as for tenants. Browsers write an origin without a slash at the end, and so must this be.
    let is_origin = TenantOrigin::parse(&text).is_ok_and(|origin| origin.is_origin(&text));
    let is_origin = if is_origin { Ok(()) } else { Err("must be an https origin without a path or a last slash") };
    reader.checked(name, &text, is_origin);
    text
}

fn users(reader: &mut Reader<'_>, listen: Option<SocketAddr>) -> HeaderUsers {
    let header = reader.optional("BROKER_USER_HEADER").unwrap_or_else(|| "x-forwarded-user".to_owned());
    let header = header.to_ascii_lowercase();
    let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| "is no header name");
    reader.checked("BROKER_USER_HEADER", &header, name);
    let allowed = reader.required("BROKER_ALLOWED_USERS", "who may debug, separated by commas");
    let listed = !allowed.is_empty();
    let allowed = allowed.split(',').map(|user| user.trim().to_owned()).filter(|user| !user.is_empty());
    let allowed: Vec<String> = allowed.collect();
    if listed && allowed.is_empty() {
        reader.wrong.push("BROKER_ALLOWED_USERS names nobody.".to_owned());
    }
    let proxy_secret = reader.secret("BROKER_PROXY_SECRET");
    if proxy_secret.is_none() && listen.is_some_and(|address| !address.ip().is_loopback()) {
        let why = "off loopback anybody could name himself in the user header";
        reader.wrong.push(format!("BROKER_PROXY_SECRET or BROKER_PROXY_SECRET_FILE is missing: {why}."));
    }
    HeaderUsers::new(header, allowed, proxy_secret)
}
