//! Answers that do not arrive, and saves that fail.

use std::{thread, time::Duration};

use crate::{
    authority::{GRACEFUL, Mishap},
    backend::Backend,
    child::Ask,
    killed::gone,
    steps::Step,
    world::{DEADLINE, Process, World, until},
};

/// Longer than the client waits.
const TOO_LATE: Duration = Duration::from_secs(5);

pub(crate) fn an_answer_that_is_lost_is_asked_for_once_more_at_most(backend: Backend) {
    let world = World::new(backend);
    let second = world.process();
    // What the first of two processes says, where it is not allowed to try again.
    let cases = [
        (Mishap::Reset, "Transport"),
        (Mishap::HalfBody, "Transport"),
        (Mishap::Failed, "Response"),
        (Mishap::LateAnswer(TOO_LATE), "Timeout"),
        (Mishap::Delay(TOO_LATE), "Timeout"),
    ];
    thread::scope(|scope| {
        let (world, second) = (&world, &second);
        for (mishap, what) in cases {
            scope.spawn(move || lost_by_strict(world, second, mishap, what));
            scope.spawn(move || lost_by_graceful(world, second, mishap));
        }
        scope.spawn(move || nothing_was_done(world, second));
    });
}

fn lost_by_strict(world: &World, second: &Process, mishap: Mishap, what: &str) {
    let user = world.user(&format!("{}-{:?}-strict", what.to_lowercase(), thread::current().id()));
    let case = format!("{mishap:?}");
    // Of its own: a process that meets one trouble after the other asks no more.
    let first = world.process();
    world.log_in(&first, &user, 3600);
    world.authority.next(&user, mishap);
    let failed = first.answer(&user, Ask::Refresh).unwrap_err();
    assert_eq!((failed.what.as_str(), failed.next.as_str()), (what, "Retry"), "{case}: {}", failed.text);
    until(|| world.authority.posts(&user) == 1);
    for process in [&first, second] {
        assert_eq!(process.answer(&user, Ask::Token), Ok(format!("{user}/1/a0")), "{case}: it is good by its time");
    }
    assert_eq!(world.authority.posts(&user), 1, "{case}");
    // Whoever says that it is not has nothing to lose.
    gone(world, second, &user, second.answer(&user, Ask::Refresh).unwrap_err());
    assert_eq!(world.authority.posts(&user), 2, "{case}");
}

fn lost_by_graceful(world: &World, second: &Process, mishap: Mishap) {
    let user = world.user(&format!("lost-{:?}-{GRACEFUL}", thread::current().id()));
    let (case, a1) = (format!("{mishap:?}"), Ok(format!("{user}/1/a1")));
    let first = world.process();
    world.log_in(&first, &user, 3600);
    world.authority.next(&user, mishap);
    assert_eq!(first.answer(&user, Ask::Refresh), a1, "{case}");
    assert_eq!(second.answer(&user, Ask::Token), a1, "{case}");
    until(|| world.authority.posts(&user) == 2);
    assert!(world.authority.is_alive(&user), "{case}");
    assert_eq!(second.answer(&user, Ask::Call), Ok("200".to_owned()), "{case}");
}

fn nothing_was_done(world: &World, second: &Process) {
    let user = world.user("later");
    let first = world.process();
    world.log_in(&first, &user, 3600);
    world.authority.next(&user, Mishap::Later);
    let failed = first.answer(&user, Ask::Refresh).unwrap_err();
    assert_eq!((failed.what.as_str(), failed.next.as_str()), ("Provider temporarily_unavailable", "Retry"));
    assert_eq!(second.answer(&user, Ask::Refresh), Ok(format!("{user}/1/a1")));
    assert_eq!(world.authority.posts(&user), 1);
}

/// The store fails between the answer and the save, for a while.
pub(crate) fn what_cannot_be_saved_is_used_by_one_and_by_all_when_it_is_saved(backend: Backend) {
    let world = World::new(backend);
    let (user, processes) = (world.user("unsaved"), world.processes(2, DEADLINE));
    let a1 = Ok(format!("{user}/1/a1"));
    world.log_in(&processes[0], &user, 3600);
    let refreshing = processes[0].halted(&user, Ask::Refresh, Step::Keep, 0);
    world.fail(true);
    processes[0].go_on();
    assert_eq!(refreshing.answer(), a1);
    assert_eq!(processes[1].answer(&user, Ask::Stored).unwrap_err().what, "Store");
    world.fail(false);
    until(|| processes[1].answer(&user, Ask::Stored) == Ok(format!("{user}/1/a1 {user}/1/r1")));
    for process in &processes {
        assert_eq!(process.answer(&user, Ask::Token), a1);
        assert_eq!(process.answer(&user, Ask::Call), Ok("200".to_owned()));
    }
    assert_eq!(world.authority.posts(&user), 1);
}
