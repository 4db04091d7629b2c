//! Everything at once, at random.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    authority::{GRACEFUL, Mishap},
    backend::Backend,
    child::{Ask, Failed},
    random::Random,
    world::{Asked, LEASE_IS_OVER, World},
};

const LASTS: Duration = Duration::from_secs(20);
const PROCESSES: u32 = 4;
const USERS: u32 = 12;

pub(crate) fn whatever_happens_nothing_is_sent_too_often_and_nothing_is_lost_for_good(backend: Backend) {
    let seed = match std::env::var("ACF_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() % 1_000_000_007).unwrap(),
    };
    println!("ACF_SEED={seed}");
    let world = World::new(backend);
    let users: Vec<_> = (0..USERS)
        .map(|number| world.user(&format!("chaos-{}-{number}", if number % 2 == 0 { GRACEFUL } else { "strict" })))
        .collect();
    let witness = world.process();
    users.iter().for_each(|user| world.log_in(&witness, user, 3600));

    let (end, over) = (Instant::now() + LASTS, AtomicBool::new(false));
    thread::scope(|scope| {
        let (world, users, over) = (&world, &users, &over);
        let lives: Vec<_> = (0..PROCESSES)
            .map(|process| {
                let random = Random::new(seed + 1 + u64::from(process));
                scope.spawn(move || live(world, users, random, end))
            })
            .collect();
        scope.spawn(move || mishaps(world, users, Random::new(seed), over));
        let answers: Vec<_> = lives.into_iter().map(|life| life.join().unwrap()).collect();
        over.store(true, Ordering::SeqCst);
        println!("answers: {answers:?}");
    });
    world.authority.calm();
    thread::sleep(LEASE_IS_OVER);

    for user in &users {
        let uses = world.authority.uses(user);
        let twice = uses.values().filter(|times| **times > 1).count();
        println!("{user}: {} refresh tokens, {twice} of them sent twice", uses.len());
        assert!(uses.values().all(|times| *times <= 2), "{user}: {uses:?}");
        let end = witness.answer(user, Ask::Refresh);
        let alive = world.authority.is_alive(user);
        if user.contains(GRACEFUL) {
            assert!(alive, "{user}: {uses:?}");
        }
        match end {
            Ok(_) => assert!(alive, "{user}"),
            // Two in a row were killed, or cut off.
            Err(failed) if failed.what == "TokenExpired" => println!("{user}: {}", failed.text),
            Err(failed) => {
                assert_eq!(failed.what, "Provider invalid_grant", "{user}: {}", failed.text);
                assert!(!alive && !user.contains(GRACEFUL), "{user}: {uses:?}");
                // Never without a reason.
                assert!(world.authority.uses(user).values().any(|times| *times == 2), "{user}: {uses:?}");
            }
        }
        world.log_in(&witness, user, 3600);
        assert_eq!(witness.answer(user, Ask::Call), Ok("200".to_owned()), "{user}: a new login helps");
    }
}

/// A process that asks, is stopped, is killed, and is started again. How many answers there were.
fn live(world: &World, users: &[String], mut random: Random, end: Instant) -> usize {
    let mut process = world.process();
    let mut asked: Vec<(&str, Asked)> = Vec::new();
    let mut answers = 0;
    while Instant::now() < end {
        match random.below(100) {
            0..2 => {
                std::mem::replace(&mut process, world.process()).kill();
                answers += asked.drain(..).filter_map(|(user, asked)| judge(user, asked)).count();
            }
            2..5 => {
                process.stop();
                // No longer than the others wait for what it may have locked.
                thread::sleep(Duration::from_millis(u64::from(random.below(2_500))));
                process.wake();
            }
            number => {
                let user = &users[random.below(USERS) as usize];
                let ask = match number % 10 {
                    0..6 => Ask::Call,
                    6..9 => Ask::Token,
                    _ => Ask::Refresh,
                };
                asked.push((user, process.ask(user, ask)));
                thread::sleep(Duration::from_millis(u64::from(random.below(60))));
            }
        }
    }
    answers + asked.into_iter().filter_map(|(user, asked)| judge(user, asked)).count()
}

/// Whether there was an answer. One that a correct client need not give ends the test.
fn judge(user: &str, asked: Asked) -> Option<()> {
    match asked.answer_if_alive()? {
        Ok(text) => assert!(text == "200" || text == "401" || text.starts_with(user), "{user}: {text}"),
        Err(Failed { what, text, .. }) => {
            let spoilt =
                ["Busy", "Transport", "Timeout", "Response", "TokenExpired", "Provider temporarily_unavailable"];
            let ended = what == "Provider invalid_grant" && !user.contains(GRACEFUL);
            assert!(spoilt.contains(&what.as_str()) || ended, "{user}: {what}: {text}");
        }
    }
    Some(())
}

/// Access tokens end, and refreshes go wrong.
fn mishaps(world: &World, users: &[String], mut random: Random, over: &AtomicBool) {
    while !over.load(Ordering::SeqCst) {
        let user = &users[random.below(USERS) as usize];
        let delay = Duration::from_millis(u64::from(random.below(4_000)));
        match random.below(16) {
            0 => world.authority.next(user, Mishap::Delay(delay)),
            1 => world.authority.next(user, Mishap::LateAnswer(delay)),
            2 => world.authority.next(user, Mishap::Reset),
            3 => world.authority.next(user, Mishap::HalfBody),
            4 => world.authority.next(user, Mishap::Failed),
            5 => world.authority.next(user, Mishap::Later),
            6 => world.authority.next(user, Mishap::NoRefreshToken),
            _ => world.authority.end_access(user),
        }
        thread::sleep(Duration::from_millis(50));
    }
}
