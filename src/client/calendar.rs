//! Dates as HTTP writes them (RFC 9110 §5.6.7) and as the audit writes them (RFC 3339), without a time library.

const DAY_MS: f64 = 86_400_000.0;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LONG_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A moment as RFC 3339 in UTC with milliseconds; moments outside the years 0 to 9999 become the nearest one inside.
///
/// ```
/// use cognigy_session_debugger::client::calendar::rfc3339;
/// assert_eq!(rfc3339(784_111_777_042.0), "1994-11-06T08:49:37.042Z");
/// ```
pub fn rfc3339(wall_ms: f64) -> String {
    const FIRST: f64 = -62_167_219_200_000.0;
    const LAST: f64 = 253_402_300_799_999.0;
    let ms = if wall_ms.is_nan() { 0.0 } else { wall_ms.floor().clamp(FIRST, LAST) } as i64;
    let day_ms = DAY_MS as i64;
    let (year, month, day) = civil(ms.div_euclid(day_ms));
    let within = ms.rem_euclid(day_ms);
    let (hour, minute, second) = (within / 3_600_000, within / 60_000 % 60, within / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", within % 1_000)
}

/// A date of HTTP in any of its three forms, as milliseconds since 1970. `wall_ms` settles the century of a two-digit
/// year: no date lies more than 50 years ahead. The name of the weekday must be one, but is not checked against the date.
///
/// ```
/// use cognigy_session_debugger::client::calendar::parse_http_date;
/// let now = 784_000_000_000.0;
/// assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(784_111_777_000.0));
/// assert_eq!(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now), Some(784_111_777_000.0));
/// assert_eq!(parse_http_date("Sun Nov  6 08:49:37 1994", now), Some(784_111_777_000.0));
/// ```
pub fn parse_http_date(text: &str, wall_ms: f64) -> Option<f64> {
    let parts: Vec<&str> = text.split(' ').collect();
    match parts.as_slice() {
        [weekday, day, month, year, time, "GMT"] => {
            short_weekday(weekday.strip_suffix(',')?)?;
            moment(digits(year, 4)?, month, digits(day, 2)?, time)
        }
        [weekday, date, time, "GMT"] => {
            LONG_DAYS.iter().position(|name| Some(*name) == weekday.strip_suffix(','))?;
            let mut date = date.split('-');
            let (day, month, year) = (digits(date.next()?, 2)?, date.next()?, digits(date.next()?, 2)?);
            if date.next().is_some() {
                return None;
            }
            moment(full_year(year, wall_ms), month, day, time)
        }
        [weekday, month, "", day, time, year] => asctime(weekday, month, digits(day, 1)?, time, year),
        [weekday, month, day, time, year] => asctime(weekday, month, digits(day, 2)?, time, year),
        _ => None,
    }
}

fn asctime(weekday: &str, month: &str, day: i64, time: &str, year: &str) -> Option<f64> {
    short_weekday(weekday)?;
    moment(digits(year, 4)?, month, day, time)
}

fn short_weekday(name: &str) -> Option<usize> {
    DAYS.iter().position(|day| *day == name)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn full_year(two_digits: i64, wall_ms: f64) -> i64 {
    let (this_year, _, _) = civil((wall_ms / DAY_MS).floor() as i64);
    let year = this_year - this_year.rem_euclid(100) + two_digits;
    if year > this_year + 50 { year - 100 } else { year }
}

fn moment(year: i64, month: &str, day: i64, time: &str) -> Option<f64> {
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let next_month = if month == 12 { days(year + 1, 1, 1) } else { days(year, month + 1, 1) };
    if day < 1 || day > next_month - days(year, month, 1) {
        return None;
    }
    let mut parts = time.split(':');
    let (hour, minute, second) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    // 60 is a leap second.
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some((days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) as f64 * 1_000.0)
}

/// Days since 1970 of a date of the proleptic Gregorian calendar. Years are counted from March, so that a leap day is
/// the last of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// The date that lies so many days after 1970-01-01.
fn civil(since_1970: i64) -> (i64, i64, i64) {
    let shifted = since_1970 + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_days_are_each_others_inverse() {
        for day in (-719_528..2_932_896).step_by(97) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
            assert!((1..=12).contains(&month) && (1..=31).contains(&date), "{year}-{month}-{date}");
        }
        assert_eq!(rfc3339(0.0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_399_999.0), "2000-02-28T23:59:59.999Z");
        assert_eq!(rfc3339(951_782_400_000.0), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(f64::INFINITY), "9999-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(-1.0), "1969-12-31T23:59:59.999Z");
    }
}
