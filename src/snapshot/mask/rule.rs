//! The rules by number, and their names.

/// A rule that hides something. Its name is [`Mask::rule`](super::Mask::rule)'s answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(super) u8);

/// The names of the built-in rules; a rule's number is its place. The host's own follow.
pub(super) const NAMES: [&str; 29] = [
    "password",
    "secret",
    "token",
    "api-key",
    "private-key",
    "credentials",
    "authorization",
    "session",
    "cookie",
    "csrf",
    "one-time-code",
    "national-id",
    "iban",
    "card",
    "account-number",
    "birth-date",
    "ip",
    "bearer",
    "jwt",
    "url-password",
    "url-parameter",
    "email",
    "phone",
    "own-token",
    "scope",
    "name",
    "not-listed",
    "unreadable",
    "sanitized",
];

impl RuleId {
    pub(super) const PASSWORD: RuleId = RuleId(0);
    pub(super) const SECRET: RuleId = RuleId(1);
    pub(super) const TOKEN: RuleId = RuleId(2);
    pub(super) const API_KEY: RuleId = RuleId(3);
    pub(super) const PRIVATE_KEY: RuleId = RuleId(4);
    pub(super) const CREDENTIALS: RuleId = RuleId(5);
    pub(super) const AUTHORIZATION: RuleId = RuleId(6);
    pub(super) const SESSION: RuleId = RuleId(7);
    pub(super) const COOKIE: RuleId = RuleId(8);
    pub(super) const CSRF: RuleId = RuleId(9);
    pub(super) const ONE_TIME_CODE: RuleId = RuleId(10);
    pub(super) const NATIONAL_ID: RuleId = RuleId(11);
    pub(super) const IBAN: RuleId = RuleId(12);
    pub(super) const CARD: RuleId = RuleId(13);
    pub(super) const ACCOUNT: RuleId = RuleId(14);
    pub(super) const BIRTH_DATE: RuleId = RuleId(15);
    pub(super) const IP: RuleId = RuleId(16);
    pub(super) const BEARER: RuleId = RuleId(17);
    pub(super) const JWT: RuleId = RuleId(18);
    pub(super) const URL_PASSWORD: RuleId = RuleId(19);
    pub(super) const URL_PARAMETER: RuleId = RuleId(20);
    pub(super) const EMAIL: RuleId = RuleId(21);
    pub(super) const PHONE: RuleId = RuleId(22);
    pub(super) const OWN_TOKEN: RuleId = RuleId(23);
    pub(super) const SCOPE: RuleId = RuleId(24);
    pub(super) const NAME: RuleId = RuleId(25);
    pub(super) const NOT_LISTED: RuleId = RuleId(26);
    /// What nobody could judge.
    pub(super) const UNREADABLE: RuleId = RuleId(27);
    /// What the host's hook hides or replaces.
    pub(super) const SANITIZED: RuleId = RuleId(28);
    /// The first number of the host's own rules.
    pub(super) const FIRST_OF_HOST: u8 = 29;
}
