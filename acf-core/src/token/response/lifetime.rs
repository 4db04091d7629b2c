//! When a token ends: how long it lives from now (RFC 6749 section 5.1), or a point in time where that is declared.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use acf_rules::language::ExpiresUnit;
use serde_json::Value;

use super::{broken, hint};
use crate::{authorization::unix, error::Error, provider::ResponseRules};

/// A lifetime is cut to ten years, so that no sum with it overflows.
pub(super) const MAX_LIFETIME: u64 = 10 * 365 * 24 * 60 * 60;

/// What an answer says about an end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    Unsaid,
    Never,
    At(SystemTime),
}

impl End {
    /// Reads the member `name`.
    pub(super) fn read(value: Option<&Value>, name: &str, rules: &ResponseRules) -> Result<Self, Error> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(Self::Unsaid) };
        let now = SystemTime::now();
        let Some(count) = Count::read(value) else {
            let date = value.as_str().and_then(date_time);
            return match (date, rules.expires_unit) {
                (Some(end), ExpiresUnit::DateTime) => Ok(Self::at(end, now)),
                (Some(_), _) => Err(wrong(name, rules).declare(hint::POINT, &hint::unit(ExpiresUnit::DateTime))),
                (None, _) => Err(wrong(name, rules)),
            };
        };
        if rules.zero_is_never && (count.whole < 0 || count == Count { whole: 0, fraction: false }) {
            return Ok(Self::Never);
        }
        if count.whole < 0 {
            return Err(wrong(name, rules).declare("that means that the token does not end", hint::ZERO_IS_NEVER));
        }
        let factor = match rules.expires_unit {
            ExpiresUnit::DateTime => return Err(wrong(name, rules)),
            ExpiresUnit::UnixTime => return Ok(Self::since_the_epoch(count.whole, now)),
            ExpiresUnit::UnixTimeMilliseconds => return Ok(Self::since_the_epoch(count.whole / 1000, now)),
            ExpiresUnit::Minutes => 60,
            _ => 1,
        };
        let whole = count.whole.saturating_mul(factor);
        let seconds = if rules.expires_unit == ExpiresUnit::Milliseconds { whole / 1000 } else { whole };
        // No provider means a lifetime of decades: what lies beyond ten years and is a time of these days as well is that.
        let long = seconds > i128::from(MAX_LIFETIME);
        let point = [(count.whole, ExpiresUnit::UnixTime), (count.whole / 1000, ExpiresUnit::UnixTimeMilliseconds)]
            .into_iter()
            .find(|(seconds, _)| long && is_near(*seconds, now));
        match point {
            Some((_, unit)) => Err(wrong(name, rules).declare(hint::POINT, &hint::unit(unit))),
            None if count.fraction => Err(wrong(name, rules)),
            None => Ok(Self::after(duration(seconds), now)),
        }
    }

    /// The end of a token that was just received, in whole seconds: so it is stored, and a token that was stored and loaded
    /// equals the one that was returned.
    pub(super) fn after(lifetime: Duration, now: SystemTime) -> Self {
        now.checked_add(lifetime).map_or(Self::Unsaid, |end| Self::at(end, now))
    }

    /// The time, where there is an end.
    pub(super) fn time(self) -> Option<SystemTime> {
        match self {
            Self::At(end) => Some(end),
            Self::Unsaid | Self::Never => None,
        }
    }

    fn since_the_epoch(seconds: i128, now: SystemTime) -> Self {
        let seconds = u64::try_from(seconds).unwrap_or(u64::MAX).min(unix(now).saturating_add(MAX_LIFETIME));
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).map_or(Self::Unsaid, Self::At)
    }

    fn at(end: SystemTime, now: SystemTime) -> Self {
        Self::since_the_epoch(i128::from(unix(end)), now)
    }
}

fn wrong(name: &str, rules: &ResponseRules) -> Error {
    let what = match rules.expires_unit {
        ExpiresUnit::Milliseconds => "number of milliseconds",
        ExpiresUnit::Minutes => "number of minutes",
        ExpiresUnit::UnixTime => "number of seconds since 1970",
        ExpiresUnit::UnixTimeMilliseconds => "number of milliseconds since 1970",
        ExpiresUnit::DateTime => "date and time of RFC 3339",
        _ => "number of seconds",
    };
    broken(format!("the response has an `{name}` that is no {what}"))
}

fn duration(seconds: i128) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX).min(MAX_LIFETIME))
}

/// Whether a token that was just issued may end then: within two years, or a day ago by a clock that is wrong.
fn is_near(seconds: i128, now: SystemTime) -> bool {
    const DAY: i128 = 24 * 60 * 60;
    let now = i128::from(unix(now));
    (now - DAY..now + 2 * 365 * DAY).contains(&seconds)
}

/// A number of seconds, whole and not negative, as a lifetime is written; no more than fit.
pub(crate) fn seconds(value: &Value) -> Option<u64> {
    let count = Count::read(value).filter(|count| count.whole >= 0 && !count.fraction)?;
    Some(u64::try_from(count.whole).unwrap_or(u64::MAX))
}

/// A number: an integer, a fraction, or an integer as text, which some providers send.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Count {
    /// Rounded down.
    whole: i128,
    /// Whether anything was rounded away.
    fraction: bool,
}

impl Count {
    fn read(value: &Value) -> Option<Self> {
        let whole = |whole| Self { whole, fraction: false };
        match value {
            Value::Number(number) => {
                let integer = number.as_u64().map(i128::from).or_else(|| number.as_i64().map(i128::from));
                integer.map(whole).or_else(|| {
                    let float = number.as_f64().filter(|float| float.is_finite())?;
                    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and a cap follows")]
                    Some(Self { whole: float.floor() as i128, fraction: float.fract() != 0.0 })
                })
            }
            Value::String(text) => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                // Only digits: what does not fit is simply large.
                let large = if digits.len() < text.len() { i128::MIN } else { i128::MAX };
                is_number.then(|| whole(text.parse().unwrap_or(large)))
            }
            _ => None,
        }
    }
}

/// A date and time by RFC 3339 section 5.6, with any offset.
fn date_time(text: &str) -> Option<SystemTime> {
    let (local, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(local) => (local, 0),
        None => {
            let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let two = |digits: &str, most: i64| {
                let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i64>().ok());
                number.flatten().filter(|number| *number <= most && digits.len() == 2)
            };
            let seconds = 60 * (60 * two(hours, 23)? + two(minutes, 59)?);
            match offset.as_bytes().first()? {
                b'+' => (local, seconds),
                b'-' => (local, -seconds),
                _ => return None,
            }
        }
    };
    // The library reads universal time only.
    let time = humantime::parse_rfc3339(&format!("{}Z", local.to_ascii_uppercase())).ok()?;
    let shift = Duration::from_secs(offset.unsigned_abs());
    let time = if offset < 0 { time.checked_add(shift) } else { time.checked_sub(shift) };
    time.filter(|time| *time >= UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, seconds) in [
            ("2024-02-29T12:00:00Z", Some(1_709_208_000)),
            ("2024-02-29t12:00:00.5z", Some(1_709_208_000)),
            ("2024-02-29T12:00:00+00:00", Some(1_709_208_000)),
            ("2024-02-29T14:30:00.123456+02:30", Some(1_709_208_000)),
            ("2024-02-29T07:00:00-05:00", Some(1_709_208_000)),
            ("1970-01-01T00:00:00+00:01", None),
            ("2023-02-29T12:00:00Z", None),
            ("2024-02-29T12:00:00", None),
            ("2024-02-29T12:00:00+24:00", None),
            ("2024-02-29T12:00:00+1:000", None),
            ("2024-02-29T12:00:00+-1:00", None),
            ("2024-02-29T12:00:00 02:00", None),
            ("2024-02-29", None),
            ("Thu, 29 Feb 2024 12:00:00 GMT", None),
            ("é2024-02-29T12:00:00Z", None),
            ("2024-02-29T12:00:00+é0:0", None),
            ("Z", None),
            ("", None),
        ] {
            assert_eq!(date_time(text).map(unix), seconds, "{text}");
        }
    }
}
