//! Many processes that want the same at the same time.

use std::{collections::BTreeMap, thread, time::Duration};

use crate::{
    authority::{GRACEFUL, Mishap},
    backend::Backend,
    child::Ask,
    world::{Process, World},
};

/// Nothing here is slow on purpose: whatever the machine does beside, this is enough.
const AMPLE: Duration = Duration::from_secs(10);

pub(crate) fn of_many_processes_one_refreshes_and_every_call_succeeds(backend: Backend) {
    let world = World::new(backend);
    thread::scope(|scope| {
        for count in [2, 4, 8, 16] {
            let world = &world;
            scope.spawn(move || calls_at_once(world, count, 200, None));
        }
    });
}

pub(crate) fn a_refresh_token_that_stays_serves_all(backend: Backend) {
    calls_at_once(&World::new(backend), 4, 20, Some(Mishap::NoRefreshToken));
}

/// The access token ends, and so many processes call the API at once: again and again.
pub(crate) fn calls_at_once(world: &World, count: usize, rounds: u32, each: Option<Mishap>) {
    let (user, processes) = (world.user(&format!("one-of-{count}")), world.processes(count, AMPLE));
    world.log_in(&processes[0], &user, 3600);
    for round in 1..=rounds {
        world.authority.end_access(&user);
        if let Some(mishap) = each {
            world.authority.next(&user, mishap);
        }
        let calls: Vec<_> = processes.iter().map(|process| process.ask(&user, Ask::Call)).collect();
        for call in calls {
            assert_eq!(call.answer(), Ok("200".to_owned()), "{count} processes, round {round}");
        }
        assert_eq!(world.authority.posts(&user), round, "{count} processes");
    }
    let uses = world.authority.uses(&user);
    let expected =
        if each.is_some() { BTreeMap::from([(format!("{user}/1/r0"), rounds)]) } else { once(&user, rounds) };
    assert_eq!(uses, expected, "{count} processes");
    assert!(world.authority.is_alive(&user), "{count} processes");
}

/// Each of the first refresh tokens came once.
fn once(user: &str, count: u32) -> BTreeMap<String, u32> {
    (0..count).map(|number| (format!("{user}/1/r{number}"), 1)).collect()
}

pub(crate) fn of_ten_thousand_callers_one_refreshes_what_is_over(backend: Backend) {
    let world = World::new(backend);
    let (user, processes) = (world.user("over"), world.processes(2, AMPLE));
    world.log_in(&processes[0], &user, 1);
    let many = |process: &Process| process.ask(&user, Ask::Many(5_000, Box::new(Ask::Token)));
    let asked: Vec<_> = processes.iter().map(many).collect();
    for asked in asked {
        assert_eq!(asked.answer(), Ok(format!(r#"{{"{user}/1/a1":5000}}"#)));
    }
    assert_eq!(world.authority.uses(&user), once(&user, 1));
}

/// Each call is made twice at the most.
pub(crate) fn of_five_hundred_calls_with_a_refused_token_one_refreshes(backend: Backend) {
    let world = World::new(backend);
    let (user, processes) = (world.user("refused"), world.processes(2, AMPLE));
    world.log_in(&processes[0], &user, 3600);
    world.authority.end_access(&user);
    let many = |process: &Process| process.ask(&user, Ask::Many(250, Box::new(Ask::Call)));
    let asked: Vec<_> = processes.iter().map(many).collect();
    for asked in asked {
        assert_eq!(asked.answer(), Ok(r#"{"200":250}"#.to_owned()));
    }
    assert_eq!(world.authority.uses(&user), once(&user, 1));
    assert!(world.authority.calls(&user) <= 1_000, "{}", world.authority.calls(&user));
}

pub(crate) fn of_sixteen_processes_one_finishes_a_login(backend: Backend) {
    let world = World::new(backend);
    let (user, processes) = (world.user("login"), world.processes(16, AMPLE));
    for round in 1..=20 {
        let state = processes[0].answer(&user, Ask::Begin).unwrap();
        let callback = format!("code={user}&state={state}");
        let finishing: Vec<_> =
            processes.iter().map(|process| process.ask(&user, Ask::Finish(callback.clone()))).collect();
        let mut finished = Vec::new();
        for asked in finishing {
            match asked.answer() {
                Ok(token) => finished.push(token),
                Err(failed) => assert_eq!(failed.what, "StateUnknown", "{}", failed.text),
            }
        }
        assert_eq!(finished, [format!("{user}/{round}/a0")]);
        assert_eq!(world.authority.codes(), round);
    }
}

pub(crate) fn a_token_belongs_to_whom_it_was_asked_for(backend: Backend) {
    const USERS: u32 = 50;
    let world = World::new(backend);
    let (user, processes) = (world.user(&format!("mixed-{GRACEFUL}-")), world.processes(4, AMPLE));
    for number in 0..USERS {
        let user = format!("{user}{number}");
        world.log_in(&processes[0], &user, 1);
        for delay in 0..20 {
            let delay = Duration::from_millis(u64::from(number * 7 + delay * 13) % 40);
            world.authority.next(&user, Mishap::Delay(delay));
            world.authority.next(&user, Mishap::LateAnswer(delay));
        }
    }
    let mix = |(seed, process): (u64, &Process)| {
        process.ask(&user, Ask::Mix { users: USERS, tasks: 16, seed: seed * 100, lasts: Duration::from_secs(4) })
    };
    let asked: Vec<_> = (0..).zip(&processes).map(mix).collect();
    for asked in asked {
        let times: u32 = asked.answer().unwrap().parse().unwrap();
        assert!(times > 0);
    }
    for number in 0..USERS {
        let uses = world.authority.uses(&format!("{user}{number}"));
        assert!(uses.values().all(|times| *times == 1), "{uses:?}");
    }
}

pub(crate) fn eight_processes_write_all_the_time_and_none_is_refused(backend: Backend) {
    let world = World::new(backend);
    let (user, processes) = (world.user("writes"), world.processes(8, AMPLE));
    // Two tasks each: what a process batches must not starve the others, either.
    let write = |process: &Process| [(); 2].map(|()| process.ask(&user, Ask::Write(Duration::from_secs(5))));
    let asked: Vec<_> = processes.iter().flat_map(write).collect();
    for asked in asked {
        let times: u32 = asked.answer().unwrap().parse().unwrap();
        assert!(times > 0);
    }
}
