//! Which of all who hold a grant refreshes it, and when: decided by what is stored, without I/O.
//!
//! The stored row is the lease. Whoever wants to send a refresh token first writes that it is about to, in place of the
//! version it has read: of several, one succeeds, and the row has a new version. Whatever was read before can be saved no
//! more, so that who was paused or cut off meanwhile overwrites nothing. The outcome is written the same way.

use std::time::{Duration, SystemTime};

use acf_rules::language::Rotates;

use crate::{provider::RefreshProfile, token::RefreshStage};

/// How good the access token is for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Good {
    /// It will do.
    Yes,
    /// It will do, and it is time to refresh it.
    Due,
    /// It will not.
    No,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Decision {
    /// Use the stored token.
    Use,
    /// Write that the refresh token is about to be sent, for this many times in a row; and if that succeeds, send it.
    Try(u8),
    /// Somebody else is at it: look again.
    Wait,
    /// Only the person helps.
    Reauthorize,
}

/// A refresh token whose outcome is unknown is sent this often and no more, unless it may be used again.
const MOST: u8 = 2;

/// Decides. `age` is how long ago the row was saved; `lease` is longer than any attempt lasts.
pub(crate) fn decide(
    good: Good,
    refreshing: RefreshStage,
    age: Duration,
    lease: Duration,
    profile: &RefreshProfile,
) -> Decision {
    match (good, refreshing) {
        (Good::Yes, _) | (Good::Due, RefreshStage::Over) => Decision::Use,
        (Good::No, RefreshStage::Over) => Decision::Reauthorize,
        (_, RefreshStage::Idle) => Decision::Try(1),
        (_, RefreshStage::Tried { lost, .. }) if !lost && age < lease => match good {
            Good::No => Decision::Wait,
            _ => Decision::Use,
        },
        // Sent, perhaps; answered, perhaps. A refresh token that rotates may be gone, and a strict server takes the second
        // time for theft. As long as the access token is good nothing is risked; once it is not, nothing is left to lose.
        (_, RefreshStage::Tried { times, lost, .. }) => match good {
            _ if profile.rotates == Rotates::Never => Decision::Try(times),
            // A row that says "lost" was saved some time after it was sent: nobody knows how long.
            _ if times < MOST && !lost && profile.reuse_grace.is_some_and(|grace| age < grace) => {
                Decision::Try(times + 1)
            }
            Good::No if times < MOST => Decision::Try(times + 1),
            Good::No => Decision::Reauthorize,
            _ => Decision::Use,
        },
    }
}

/// How long ago a row was saved, where its store does not say: by the clock of whoever tried.
pub(crate) fn age(said: Option<Duration>, refreshing: RefreshStage, now: SystemTime) -> Duration {
    match (said, refreshing) {
        (Some(age), _) => age,
        (None, RefreshStage::Tried { at, .. }) => {
            Duration::from_secs(crate::authorization::unix(now).saturating_sub(at))
        }
        (None, _) => Duration::ZERO,
    }
}

/// The longest time before its end at which a token is refreshed.
pub(super) const EARLY: Duration = Duration::from_secs(5 * 60);

/// When a token is due: at a point of its own within the last fifth of its life, or the last five minutes, so that tokens
/// that were issued together are not refreshed together.
pub(crate) fn due_at(issued: Option<SystemTime>, end: SystemTime, margin: Duration, grain: u64) -> Option<SystemTime> {
    let life = end.duration_since(issued?).ok()?;
    let window = (life / 5).min(EARLY).checked_sub(margin)?;
    let early = window.mul_f64((grain % 10_000) as f64 / 10_000.0);
    end.checked_sub(margin)?.checked_sub(early)
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_send() {
        use Decision::{Reauthorize, Try, Use, Wait};
        use Good::{Due, No, Yes};
        use RefreshStage::{Idle, Over};
        const LEASE: Duration = Duration::from_secs(30);
        let unknown = RefreshProfile::default();
        let lasting = RefreshProfile { rotates: Rotates::Never, ..unknown };
        let grace = RefreshProfile { reuse_grace: Some(Duration::from_secs(40)), ..unknown };
        let tried = |times, lost| RefreshStage::Tried { at: 0, times, lost };
        for (stage, age, profile, expected) in [
            // For a token that is good, due, and no good.
            (Idle, 0, &unknown, [Use, Try(1), Try(1)]),
            (Over, 0, &unknown, [Use, Use, Reauthorize]),
            (Over, 0, &lasting, [Use, Use, Reauthorize]),
            // Somebody is at it.
            (tried(1, false), 29, &unknown, [Use, Use, Wait]),
            (tried(1, false), 29, &lasting, [Use, Use, Wait]),
            (tried(1, false), 29, &grace, [Use, Use, Wait]),
            (tried(2, false), 29, &grace, [Use, Use, Wait]),
            // Somebody was, and fell silent.
            (tried(1, false), 30, &unknown, [Use, Use, Try(2)]),
            (tried(1, false), 30, &lasting, [Use, Try(1), Try(1)]),
            (tried(1, false), 30, &grace, [Use, Try(2), Try(2)]),
            (tried(1, false), 40, &grace, [Use, Use, Try(2)]),
            (tried(2, false), 30, &grace, [Use, Use, Reauthorize]),
            (tried(2, false), 30, &unknown, [Use, Use, Reauthorize]),
            // Somebody was, and has said that it was in vain.
            (tried(1, true), 0, &unknown, [Use, Use, Try(2)]),
            (tried(1, true), 0, &lasting, [Use, Try(1), Try(1)]),
            (tried(1, true), 0, &grace, [Use, Use, Try(2)]),
            (tried(2, true), 0, &unknown, [Use, Use, Reauthorize]),
        ] {
            let seen = [Yes, Due, No].map(|good| decide(good, stage, Duration::from_secs(age), LEASE, profile));
            assert_eq!(seen, expected, "{stage:?} {age} {profile:?}");
        }
    }

    #[test]
    fn tokens_of_one_hour_are_refreshed_over_the_last_five_minutes() {
        let issued = SystemTime::UNIX_EPOCH;
        let (end, margin) = (issued + Duration::from_secs(3600), Duration::from_secs(10));
        let mut seconds = [0_u32; 300];
        for grant in 0..3_000_u64 {
            let due = due_at(Some(issued), end, margin, grant.wrapping_mul(0x9E37_79B9_7F4A_7C15)).unwrap();
            let early = end.duration_since(due).unwrap().as_secs();
            assert!((10..=300).contains(&early), "{early}");
            seconds[usize::try_from(early).unwrap() - 1] += 1;
        }
        assert!(seconds.iter().all(|count| *count < 30), "no second has three times its share: {seconds:?}");
        let short = due_at(Some(issued), issued + Duration::from_secs(60), margin, 9_999).unwrap();
        assert_eq!(short.duration_since(issued).unwrap().as_secs(), 48, "a fifth of its life");
        assert_eq!(due_at(None, end, margin, 0), None, "nobody knows how long it lives");
        assert_eq!(due_at(Some(issued), issued + Duration::from_secs(5), margin, 0), None);
    }
}
