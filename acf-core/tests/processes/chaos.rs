//! Everything at once, at random.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    authority::{GRACEFUL, Mishap, STRICT},
    backend::Backend,
    child::{Ask, Failed},
    killed::STEPS,
    random::Random,
    world::{Asked, LEASE_IS_OVER, Process, World},
};

const LASTS: Duration = Duration::from_secs(20);
const PROCESSES: u32 = 4;
const USERS: u32 = 12;

/// For that long a process may be on its way to a step.
const SOON: Duration = Duration::from_millis(300);

pub(crate) fn whatever_happens_nothing_is_sent_too_often_and_nothing_is_lost_for_good(backend: Backend) {
    let seed = match std::env::var("ACF_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() % 1_000_000_007).unwrap(),
    };
    println!("ACF_SEED={seed}");
    let world = World::new(backend);
    let users: Vec<_> = (0..USERS)
        .map(|number| world.user(&format!("chaos-{}-{number}", if number % 2 == 0 { GRACEFUL } else { STRICT })))
        .collect();
    let witness = world.process();
    users.iter().for_each(|user| world.log_in(&witness, user, 3600));

    let (end, over) = (Instant::now() + LASTS, AtomicBool::new(false));
    let people = People { world: &world, users: &users, witness: Mutex::new(&witness) };
    thread::scope(|scope| {
        let (people, over) = (&people, &over);
        let lives: Vec<_> = (0..PROCESSES)
            .map(|process| {
                let random = Random::new(seed + 1 + u64::from(process));
                scope.spawn(move || people.live(random, end))
            })
            .collect();
        scope.spawn(move || people.mishaps(Random::new(seed), over));
        let answers: Vec<_> = lives.into_iter().map(|life| life.join()).collect();
        over.store(true, Ordering::SeqCst);
        println!("answers: {:?}", answers.into_iter().collect::<Result<Vec<_>, _>>().unwrap());
    });
    world.authority.calm();
    thread::sleep(LEASE_IS_OVER.saturating_sub(end.elapsed()));
    users.iter().for_each(|user| people.look_back(user));
}

/// Those whose tokens are refreshed.
struct People<'a> {
    world: &'a World,
    users: &'a [String],
    /// A process that is left alone, and lets one person log in at a time.
    witness: Mutex<&'a Process>,
}

impl People<'_> {
    /// What became of the user's tokens.
    fn look_back(&self, user: &str) {
        let (authority, witness) = (&self.world.authority, self.witness.lock().unwrap());
        let end = witness.answer(user, Ask::Refresh);
        let (uses, alive) = (authority.uses(user), authority.is_alive(user));
        let twice = uses.values().filter(|times| **times > 1).count();
        println!("{user}: {} refresh tokens, {twice} of them sent twice; {end:?}", uses.len());
        assert!(uses.values().all(|times| *times <= 2), "{user}: {uses:?}");
        assert!(alive || !user.contains(GRACEFUL), "{user}: {uses:?}");
        match end {
            Ok(_) => assert!(alive, "{user}: {uses:?}"),
            // Two in a row were killed, or cut off.
            Err(failed) if failed.what == "TokenExpired" => {}
            Err(failed) => assert!(failed.what == "Provider invalid_grant" && !alive, "{user}: {failed:?} {uses:?}"),
        }
        self.world.log_in(&witness, user, 3600);
        assert_eq!(witness.answer(user, Ask::Call), Ok("200".to_owned()), "{user}: a new login helps");
    }

    /// A process that asks, is stopped, is killed, and is started again. How many answers there were.
    fn live(&self, mut random: Random, end: Instant) -> usize {
        let mut process = self.world.process();
        let mut asked: Vec<(&str, Asked)> = Vec::new();
        let mut answers = 0;
        while Instant::now() < end {
            match random.below(100) {
                0..2 => {
                    // Half of the time as it comes, and half at a step of a refresh.
                    if random.below(2) == 0 {
                        process.halts(STEPS[random.below(8) as usize].0, SOON);
                    }
                    std::mem::replace(&mut process, self.world.process()).kill();
                    answers += self.judge(asked.split_off(0));
                }
                2..5 => {
                    process.halts(STEPS[random.below(8) as usize].0, SOON);
                    process.stop();
                    // No longer than the others wait for what it may have locked.
                    thread::sleep(Duration::from_millis(u64::from(random.below(2_500))));
                    process.wake();
                    process.go_on();
                }
                number => {
                    let user = &self.users[random.below(USERS) as usize];
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
        answers + self.judge(asked)
    }

    /// How many answers there were. One that a correct client need not give ends the test; who is sent through the login
    /// goes through it.
    fn judge(&self, asked: Vec<(&str, Asked)>) -> usize {
        let (mut answers, mut ended) = (0, BTreeSet::new());
        for (user, asked) in asked {
            let Some(answer) = asked.answer_if_alive() else { continue };
            answers += 1;
            match answer {
                Ok(text) => assert!(text == "200" || text == "401" || text.starts_with(user), "{user}: {text}"),
                Err(failed) if failed.what == "Provider invalid_grant" && !user.contains(GRACEFUL) => {
                    ended.insert(user);
                }
                Err(failed) if failed.what == "TokenExpired" => {
                    ended.insert(user);
                }
                Err(Failed { what, text, .. }) => {
                    let spoilt = ["Busy", "Transport", "Timeout", "Response", "Provider temporarily_unavailable"];
                    assert!(spoilt.contains(&what.as_str()), "{user}: {what}: {text}");
                }
            }
        }
        for user in ended {
            self.world.log_in(&self.witness.lock().unwrap(), user, 3600);
        }
        answers
    }

    /// Access tokens end, and refreshes go wrong.
    fn mishaps(&self, mut random: Random, over: &AtomicBool) {
        while !over.load(Ordering::SeqCst) {
            let user = &self.users[random.below(USERS) as usize];
            let delay = Duration::from_millis(u64::from(random.below(4_000)));
            match random.below(40) {
                0 => self.world.authority.next(user, Mishap::Delay(delay)),
                1 => self.world.authority.next(user, Mishap::LateAnswer(delay)),
                2 => self.world.authority.next(user, Mishap::Reset),
                3 => self.world.authority.next(user, Mishap::HalfBody),
                4 => self.world.authority.next(user, Mishap::Failed),
                5 => self.world.authority.next(user, Mishap::Later),
                _ => self.world.authority.end_access(user),
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}
