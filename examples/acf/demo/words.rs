//! Times in words.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};

/// "in 4 minutes" or "3 hours ago".
pub(crate) fn relative(time: SystemTime) -> String {
    match time.duration_since(SystemTime::now()) {
        Ok(ahead) => format!("in {}", amount(ahead.as_secs())),
        Err(past) => format!("{} ago", amount(past.duration().as_secs())),
    }
}

/// RFC 3339, in UTC.
pub(crate) fn exact(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn amount(seconds: u64) -> String {
    // To the nearest: a token of five minutes would otherwise have four from the first moment on.
    let (count, unit) = match seconds {
        0..90 => (seconds, "second"),
        90..5_400 => ((seconds + 30) / 60, "minute"),
        5_400..129_600 => ((seconds + 1_800) / 3_600, "hour"),
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        for (seconds, words) in [
            (1, "1 second"),
            (89, "89 seconds"),
            (298, "5 minutes"),
            (300, "5 minutes"),
            (7_200, "2 hours"),
            (864_000, "10 days"),
        ] {
            assert_eq!(amount(seconds), words);
        }
        assert_eq!(exact(SystemTime::UNIX_EPOCH), "1970-01-01T00:00:00Z");
    }
}
