//! Processes whose clocks are five minutes apart each, over a store that has a clock of its own.

use std::{thread, time::Duration};

use crate::{
    authority::SHORT,
    backend::Backend,
    child::Ask,
    steps::Step,
    world::{Process, World},
};

/// Behind, right, and ahead, in minutes.
const CLOCKS: [i64; 3] = [-5, 0, 5];

pub(crate) fn clocks_that_differ_neither_hurry_a_refresh_nor_put_it_off(backend: Backend) {
    let world = World::new(backend);
    let processes = CLOCKS.map(|minutes| world.process_at(minutes));
    thread::scope(|scope| {
        for refreshing in 0..CLOCKS.len() {
            let (world, processes) = (&world, &processes);
            // One step at a time halts in each process.
            let holding = scope.spawn(move || one_refreshes(world, processes, refreshing));
            holding.join().unwrap();
            scope.spawn(move || all_see_the_same_end(world, processes, refreshing));
        }
    });
}

/// While one is at it, no other takes its claim for an old one.
fn one_refreshes(world: &World, processes: &[Process; 3], refreshing: usize) {
    let case = format!("claimed-at{:+}", CLOCKS[refreshing]);
    let user = world.user(&case);
    world.log_in(&processes[refreshing], &user, 3600);
    let mut asked = vec![processes[refreshing].halted(&user, Ask::Refresh, Step::Send, 0)];
    let others = processes.iter().enumerate().filter(|(index, _)| *index != refreshing);
    asked.extend(others.map(|(_, process)| process.ask(&user, Ask::Refresh)));
    thread::sleep(Duration::from_secs(1));
    assert_eq!(world.authority.posts(&user), 0, "{case}");
    processes[refreshing].go_on();
    for asked in asked {
        assert_eq!(asked.answer(), Ok(format!("{user}/1/a1")), "{case}");
    }
    assert_eq!(world.authority.posts(&user), 1, "{case}");
}

/// A token of 20 seconds, of which the last ten are not used: all use it at first, and nobody does later.
fn all_see_the_same_end(world: &World, processes: &[Process; 3], refreshing: usize) {
    let case = format!("{SHORT}-at{:+}", CLOCKS[refreshing]);
    let user = world.user(&case);
    world.log_in(&processes[refreshing], &user, 3600);
    let all_have = |number: u32| {
        for process in processes {
            assert_eq!(process.answer(&user, Ask::Token), Ok(format!("{user}/1/a{number}")), "{case}");
        }
        assert_eq!(world.authority.posts(&user), number, "{case}");
    };
    processes[refreshing].answer(&user, Ask::Refresh).unwrap();
    all_have(1);
    thread::sleep(Duration::from_secs(13));
    all_have(2);
}
