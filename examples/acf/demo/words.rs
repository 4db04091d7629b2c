//! Times in words.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};

/// "in 4 minutes" or "3 hours ago".
pub(crate) fn relative(time: SystemTime) -> String {
    match time.duration_since(SystemTime::now()) {
        // Half a minute less would read as "4 minutes" from the first moment on.
        Ok(ahead) => format!("in {}", amount(ahead.as_secs() + 1)),
        Err(past) => format!("{} ago", amount(past.duration().as_secs())),
    }
}

/// RFC 3339, in UTC.
pub(crate) fn exact(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn amount(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        for (seconds, words) in
            [(1, "1 second"), (119, "119 seconds"), (300, "5 minutes"), (7_200, "2 hours"), (864_000, "10 days")]
        {
            assert_eq!(amount(seconds), words);
        }
        assert_eq!(exact(SystemTime::UNIX_EPOCH), "1970-01-01T00:00:00Z");
    }
}
