//! A process that is killed while it refreshes, at each step; and what the others then do.

use std::{thread, time::Instant};

use crate::{
    authority::{GRACEFUL, STRICT},
    backend::Backend,
    child::{Ask, Failed},
    steps::Step,
    world::{DEADLINE, LEASE_IS_OVER, Process, World},
};

/// Of a refresh. The row is read twice before: to open the session, and to see which token is not wanted.
pub(crate) const STEPS: [(Step, u32); 8] = [
    (Step::Load, 2),
    (Step::Loaded, 2),
    (Step::Claim, 0),
    (Step::Claimed, 0),
    (Step::Send, 0),
    (Step::Answered, 0),
    (Step::Keep, 0),
    (Step::Kept, 0),
];

/// Whether the row says at that step that somebody is refreshing.
pub(crate) const fn claimed(step: Step) -> bool {
    matches!(step, Step::Claimed | Step::Send | Step::Answered | Step::Keep)
}

/// Whether what the server has answered is nowhere but in the process.
pub(crate) const fn unsaved(step: Step) -> bool {
    matches!(step, Step::Answered | Step::Keep)
}

pub(crate) fn whoever_is_killed_costs_one_more_request_at_most(backend: Backend) {
    let world = World::new(backend);
    let others = world.processes(1, DEADLINE);
    thread::scope(|scope| {
        for at in STEPS {
            for grace in [false, true] {
                let (world, other) = (&world, &others[0]);
                scope.spawn(move || killed_at(world, other, at, grace));
            }
        }
    });
}

pub(crate) fn killed_at(world: &World, other: &Process, (step, passes): (Step, u32), grace: bool) {
    let case = format!("killed-at-{step:?}-{}", if grace { GRACEFUL } else { STRICT });
    let user = world.user(&case);
    let [a0, a1] = [0, 1].map(|number| Ok(format!("{user}/1/a{number}")));
    let posts = || world.authority.posts(&user);
    world.log_in(other, &user, 3600);
    let doomed = world.process();
    let refreshing = doomed.halted(&user, Ask::Refresh, step, passes);
    doomed.kill();
    assert_eq!(refreshing.answer_if_alive(), None, "{case}");
    let (killed, before) = (Instant::now(), posts());
    assert_eq!(before, u32::from(unsaved(step) || step == Step::Kept), "{case}");

    if step == Step::Kept {
        assert_eq!(other.answer(&user, Ask::Token), a1, "{case}");
    } else {
        assert_eq!(other.answer(&user, Ask::Token), a0, "{case}: it is good by its time");
        if claimed(step) {
            let busy = other.answer(&user, Ask::Refresh).unwrap_err();
            assert_eq!((busy.what.as_str(), busy.next.as_str(), posts()), ("Busy", "Retry", before), "{case}");
            thread::sleep(LEASE_IS_OVER.saturating_sub(killed.elapsed()));
            assert_eq!(other.answer(&user, Ask::Token), a0, "{case}: and still is");
            assert_eq!(posts(), before, "{case}");
        }
        let refreshed = other.answer(&user, Ask::Refresh);
        assert_eq!(posts(), before + 1, "{case}");
        if unsaved(step) && !grace {
            gone(world, other, &user, refreshed.unwrap_err());
            return;
        }
        assert_eq!(refreshed, a1, "{case}");
    }
    assert!(world.authority.is_alive(&user), "{case}");
    world.authority.end_access(&user);
    assert_eq!(other.answer(&user, Ask::Call), Ok("200".to_owned()), "{case}");
    assert_eq!(other.answer(&user, Ask::Stored), Ok(format!("{user}/1/a2 {user}/1/r2")), "{case}");
}

/// What was rotated is lost, and a strict server takes the one further request for theft. Nobody asks again.
pub(crate) fn gone(world: &World, other: &Process, user: &str, refused: Failed) {
    assert_eq!((refused.what.as_str(), refused.next.as_str()), ("Provider invalid_grant", "Reauthorize"), "{user}");
    assert!(!world.authority.is_alive(user), "{user}");
    let posts = world.authority.posts(user);
    for _ in 0..3 {
        let again = other.answer(user, Ask::Refresh).unwrap_err();
        assert_eq!((again.what, again.next), (refused.what.clone(), refused.next.clone()), "{user}");
    }
    assert_eq!(other.answer(user, Ask::Call), Ok("401".to_owned()), "{user}");
    assert_eq!(world.authority.posts(user), posts, "{user}");
    world.log_in(other, user, 3600);
    assert_eq!(other.answer(user, Ask::Call), Ok("200".to_owned()), "{user}: a new login helps");
}
