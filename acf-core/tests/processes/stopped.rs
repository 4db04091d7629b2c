//! A process that is stopped while it refreshes, at each step, and goes on when something else has happened.

use std::{thread, time::Duration};

use crate::{
    authority::{GRACEFUL, LENIENT, Mishap, STRICT},
    backend::Backend,
    child::{Ask, Failed},
    killed::{STEPS, claimed, gone, unsaved},
    steps::Step,
    world::{DEADLINE, LEASE_IS_OVER, Process, World},
};

/// Longer than may pass between the claim and the request.
const NOT_PROMPT: Duration = Duration::from_secs(6);

pub(crate) fn whoever_was_stopped_overwrites_nothing(backend: Backend) {
    let world = World::new(backend);
    let others = world.processes(1, DEADLINE);
    thread::scope(|scope| {
        let (world, other) = (&world, &others[0]);
        for at in STEPS {
            for server in [STRICT, LENIENT, GRACEFUL] {
                scope.spawn(move || refreshed_meanwhile(world, other, at, server));
            }
            scope.spawn(move || replaced_meanwhile(world, other, at));
            scope.spawn(move || logged_out_meanwhile(world, other, at));
            if claimed(at.0) {
                scope.spawn(move || nothing_meanwhile(world, other, at));
                scope.spawn(move || tried_in_vain_meanwhile(world, other, at));
            }
        }
        for at in [(Step::Loaded, 1), (Step::Delete, 0), (Step::Deleted, 0)] {
            scope.spawn(move || refreshed_while_logging_out(world, other, at));
        }
    });
}

/// What a process says in the end that is stopped at this step, while something else happens.
fn stopped(
    world: &World,
    user: &str,
    ask: Ask,
    (step, passes): (Step, u32),
    meanwhile: impl FnOnce(),
) -> Result<String, Failed> {
    let process = world.process();
    let asked = process.halted(user, ask, step, passes);
    process.stop();
    meanwhile();
    process.wake();
    process.go_on();
    asked.answer()
}

/// Another process refreshes, as soon as it may.
fn refreshed_meanwhile(world: &World, other: &Process, at: (Step, u32), server: &str) {
    let (step, case) = (at.0, format!("refreshed-at-{:?}-{server}", at.0));
    let user = world.user(&case);
    let a1 = Ok(format!("{user}/1/a1"));
    world.log_in(other, &user, 3600);
    let end = stopped(world, &user, Ask::Refresh, at, || {
        if claimed(step) {
            thread::sleep(LEASE_IS_OVER);
        }
        let refreshed = other.answer(&user, if step == Step::Kept { Ask::Token } else { Ask::Refresh });
        match unsaved(step) && server != GRACEFUL {
            // The server has rotated, and nobody but the process that is stopped has what it answered.
            true => assert_eq!(refreshed.unwrap_err().what, "Provider invalid_grant", "{case}"),
            false => assert_eq!(refreshed, a1, "{case}"),
        }
    });
    assert_eq!(end, a1, "{case}");
    assert_eq!(other.answer(&user, Ask::Stored), Ok(format!("{user}/1/a1 {user}/1/r1")), "{case}");
    // Between the claim and the request there is no further look: who was stopped there sends it a second time.
    let twice = unsaved(step) || step == Step::Send;
    assert_eq!(world.authority.posts(&user), 1 + u32::from(twice), "{case}");
    if twice && server == STRICT {
        // The server has ended what is stored, and says so when it is asked.
        gone(world, other, &user, other.answer(&user, Ask::Refresh).unwrap_err());
        return;
    }
    assert!(world.authority.is_alive(&user), "{case}");
    assert_eq!(other.answer(&user, Ask::Call), Ok("200".to_owned()), "{case}");
}

/// The user logs in again.
fn replaced_meanwhile(world: &World, other: &Process, at: (Step, u32)) {
    let (step, case) = (at.0, format!("replaced-at-{:?}", at.0));
    let user = world.user(&case);
    world.log_in(other, &user, 3600);
    let end = stopped(world, &user, Ask::Refresh, at, || {
        world.log_in(other, &user, 3600);
        if step == Step::Claimed {
            thread::sleep(NOT_PROMPT);
        }
    });
    let login = if step == Step::Kept { "1/a1" } else { "2/a0" };
    assert_eq!(end, Ok(format!("{user}/{login}")), "{case}");
    assert_eq!(world.authority.posts(&user), u32::from(sends(step)), "{case}");
    assert_eq!(other.answer(&user, Ask::Stored), Ok(format!("{user}/2/a0 {user}/2/r0")), "{case}");
    assert_eq!(other.answer(&user, Ask::Call), Ok("200".to_owned()), "{case}");
}

/// The user logs out: what comes after that is given back.
fn logged_out_meanwhile(world: &World, other: &Process, at: (Step, u32)) {
    let (step, case) = (at.0, format!("logged-out-at-{:?}", at.0));
    let user = world.user(&case);
    world.log_in(other, &user, 3600);
    let end = stopped(world, &user, Ask::Refresh, at, || {
        other.answer(&user, Ask::Forget).unwrap();
        if step == Step::Claimed {
            thread::sleep(NOT_PROMPT);
        }
    });
    let expected = match step {
        Step::Kept => Ok(format!("{user}/1/a1")),
        _ if sends(step) => Err("Conflict".to_owned()),
        _ => Err("NoToken".to_owned()),
    };
    assert_eq!(end.map_err(|failed| failed.what), expected, "{case}");
    assert_eq!(world.authority.posts(&user), u32::from(sends(step)), "{case}");
    assert_eq!(other.answer(&user, Ask::Stored).unwrap_err().what, "NoToken", "{case}");
    assert_eq!(world.authority.is_alive(&user), step == Step::Kept || !sends(step), "{case}");
}

/// Whether a process that is stopped at this step has sent the refresh token in the end, though something happened.
const fn sends(step: Step) -> bool {
    matches!(step, Step::Send | Step::Answered | Step::Keep | Step::Kept)
}

/// Nobody does anything: what was begun is finished, however late.
fn nothing_meanwhile(world: &World, other: &Process, at: (Step, u32)) {
    let case = format!("nothing-at-{:?}", at.0);
    let user = world.user(&case);
    world.log_in(other, &user, 3600);
    let end = stopped(world, &user, Ask::Refresh, at, || thread::sleep(LEASE_IS_OVER));
    assert_eq!(end, Ok(format!("{user}/1/a1")), "{case}");
    assert_eq!(other.answer(&user, Ask::Stored), Ok(format!("{user}/1/a1 {user}/1/r1")), "{case}");
    assert_eq!(world.authority.posts(&user), 1, "{case}");
    assert!(world.authority.is_alive(&user), "{case}");
}

/// Another process steps in, and is told to come back later: what was received is all there is, and is kept.
fn tried_in_vain_meanwhile(world: &World, other: &Process, at: (Step, u32)) {
    let case = format!("in-vain-at-{:?}", at.0);
    let user = world.user(&case);
    world.log_in(other, &user, 3600);
    let end = stopped(world, &user, Ask::Refresh, at, || {
        thread::sleep(LEASE_IS_OVER);
        world.authority.next(&user, Mishap::Later);
        let later = other.answer(&user, Ask::Refresh).unwrap_err();
        assert_eq!(later.what, "Provider temporarily_unavailable", "{case}");
    });
    assert_eq!(end, Ok(format!("{user}/1/a1")), "{case}");
    assert_eq!(other.answer(&user, Ask::Stored), Ok(format!("{user}/1/a1 {user}/1/r1")), "{case}");
    assert_eq!(world.authority.posts(&user), 1, "{case}");
    assert!(world.authority.is_alive(&user), "{case}");
}

/// It is the logout that is stopped, and the refresh that comes between.
fn refreshed_while_logging_out(world: &World, other: &Process, at: (Step, u32)) {
    let (step, case) = (at.0, format!("logging-out-at-{:?}", at.0));
    let user = world.user(&case);
    world.log_in(other, &user, 3600);
    let end = stopped(world, &user, Ask::Revoke, at, || {
        let refreshed = other.answer(&user, Ask::Refresh).map_err(|failed| failed.what);
        match step {
            Step::Deleted => assert_eq!(refreshed, Err("NoToken".to_owned()), "{case}"),
            _ => assert_eq!(refreshed, Ok(format!("{user}/1/a1")), "{case}"),
        }
    });
    assert_eq!(end, Ok("done".to_owned()), "{case}");
    assert_eq!(other.answer(&user, Ask::Stored).unwrap_err().what, "NoToken", "{case}");
    assert!(!world.authority.is_alive(&user), "{case}");
}
