//! Every order in which several processes can refresh one grant: each may be slow, be killed, or lose an answer at every
//! step, what it wrote to the store may arrive later than its end, and twice, while time passes and the person logs out.
//! The decisions are those of the library.

use std::time::Duration;

use stateright::{Checker, Model, Property};

use super::{Decision, Good, RefreshProfile, RefreshStage, Rotates, decide};

const LEASE: Duration = Duration::from_secs(30);
const PROCESSES: usize = 2;
/// How often the row is written, in all.
const WRITES: u8 = 6;

/// The row of the store.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Row {
    /// Which refresh token it holds, counted from the first.
    generation: u8,
    version: u8,
    stage: Stage,
    /// Whether the lease has passed since it was saved.
    stale: bool,
    good: Good,
}

/// [`RefreshStage`] without its clock.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Stage {
    Idle,
    Tried { times: u8, lost: bool },
    Over,
}

/// How far a process has come.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Process {
    Outside,
    Read(Row),
    Claimed(Claim),
    /// The server has done its part, and the answer is under way.
    Sent(Claim, Answer),
    /// It knows what it will ever know.
    Knows(Claim, Option<Answer>),
}

/// A row that a process has written, to say that it is at it.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Claim {
    generation: u8,
    version: u8,
    times: u8,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Answer {
    Issued(u8),
    Refused,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct World {
    row: Option<Row>,
    versions: u8,
    /// The refresh token that the server accepts, and whether it has ended the grant.
    current: u8,
    ended: bool,
    processes: [Process; PROCESSES],
    logged_out: bool,
    /// A refresh token came a second time from somebody who took it for unused.
    unexcused: bool,
    /// Something older took the place of something newer, or came back after the logout.
    undone: bool,
    /// An answer was received, and could not be saved although there is no newer one.
    wasted: bool,
    /// The generation for which somebody stepped in for one who had fallen silent.
    stepped_in: Option<u8>,
    sent: [u8; 4],
    /// What somebody wrote before it was killed, which may arrive at any time, and again.
    under_way: Option<Write>,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Write {
    expected: u8,
    generation: u8,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Read(usize),
    Claim(usize),
    Send(usize),
    /// Nobody listens: nothing was sent, and the claim is given back.
    GiveBack(usize),
    Deliver(usize),
    Lose(usize),
    Save(usize),
    Kill(usize),
    /// It is killed while what it writes is under way.
    Leave(usize),
    /// What was under way arrives.
    Arrive,
    LeasePasses,
    TokenEnds,
    LogOut,
}

struct Grant {
    profile: RefreshProfile,
}

impl Grant {
    /// What somebody who has read that row writes before it sends the refresh token, and for which time in a row that is.
    fn claim(&self, row: Row) -> Option<(Write, u8)> {
        let stage = match row.stage {
            Stage::Idle => RefreshStage::Idle,
            Stage::Over => RefreshStage::Over,
            Stage::Tried { times, lost } => RefreshStage::Tried { at: 0, times, lost },
        };
        let age = if row.stale { LEASE } else { Duration::ZERO };
        let Decision::Try(times) = decide(row.good, stage, age, LEASE, &self.profile) else { return None };
        let stage = Stage::Tried { times, lost: false };
        Some((Write { expected: row.version, generation: row.generation, stage }, times))
    }
}

/// What is written about an attempt.
fn outcome(claim: Claim, answer: Option<Answer>) -> Write {
    let (generation, stage) = match answer {
        Some(Answer::Issued(new)) => (new, Stage::Idle),
        Some(Answer::Refused) => (claim.generation, Stage::Over),
        None => (claim.generation, Stage::Tried { times: claim.times, lost: true }),
    };
    Write { expected: claim.version, generation, stage }
}

impl World {
    /// Writes the row if it is still that version.
    fn write(&mut self, Write { expected, generation, stage }: Write) -> Option<u8> {
        let row = self.row.filter(|row| row.version == expected)?;
        if row.stage != Stage::Idle && matches!(stage, Stage::Tried { lost: false, .. }) {
            self.stepped_in = Some(row.generation);
        }
        self.undone |= self.logged_out || generation < row.generation;
        self.versions += 1;
        let good = if generation > row.generation { Good::Yes } else { row.good };
        self.row = Some(Row { generation, version: self.versions, stage, stale: false, good });
        Some(self.versions)
    }
}

impl Model for Grant {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let row = Row { generation: 0, version: 0, stage: Stage::Idle, stale: false, good: Good::Due };
        vec![World {
            row: Some(row),
            versions: 0,
            current: 0,
            ended: false,
            processes: [Process::Outside; PROCESSES],
            logged_out: false,
            unexcused: false,
            undone: false,
            wasted: false,
            stepped_in: None,
            sent: [0; 4],
            under_way: None,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (process, state) in world.processes.iter().enumerate() {
            match state {
                Process::Outside => actions.extend(world.row.is_some().then_some(Action::Read(process))),
                Process::Read(_) => actions.push(Action::Claim(process)),
                Process::Claimed(_) => actions.extend([Action::Send(process), Action::GiveBack(process)]),
                Process::Sent(..) => actions.extend([Action::Deliver(process), Action::Lose(process)]),
                Process::Knows(..) => actions.push(Action::Save(process)),
            }
            if !matches!(state, Process::Outside) {
                actions.push(Action::Kill(process));
            }
            if world.under_way.is_none() && matches!(state, Process::Read(_) | Process::Knows(..)) {
                actions.push(Action::Leave(process));
            }
        }
        actions.extend(world.under_way.map(|_| Action::Arrive));
        if let Some(row) = world.row {
            actions.extend((!row.stale && row.stage != Stage::Idle).then_some(Action::LeasePasses));
            actions.extend((row.good == Good::Due).then_some(Action::TokenEnds));
            actions.push(Action::LogOut);
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Read(i) => world.processes[i] = Process::Read(last.row?),
            Action::Claim(i) => {
                let Process::Read(row) = last.processes[i] else { return None };
                world.processes[i] = Process::Outside;
                if let Some((claim, times)) = self.claim(row)
                    && let Some(version) = world.write(claim)
                {
                    world.processes[i] = Process::Claimed(Claim { generation: row.generation, version, times });
                }
            }
            Action::Send(i) => {
                let Process::Claimed(claim) = last.processes[i] else { return None };
                // Whoever was slow to begin looks at the clock: once the lease has passed, others may be at it.
                if last.row.is_none_or(|row| row.stale || row.version != claim.version) {
                    world.processes[i] = Process::Outside;
                    return Some(world);
                }
                let sent = &mut world.sent[usize::from(claim.generation)];
                let harmless = self.profile.rotates == Rotates::Never;
                world.unexcused |= *sent > 0 && claim.times == 1 && !harmless;
                *sent = sent.saturating_add(1);
                // A strict server takes an old refresh token for stolen.
                world.ended |= claim.generation != world.current && !harmless;
                let answer = if world.ended {
                    Answer::Refused
                } else {
                    world.current = claim.generation + 1;
                    Answer::Issued(world.current)
                };
                world.processes[i] = Process::Sent(claim, answer);
            }
            Action::GiveBack(i) => {
                let Process::Claimed(claim) = last.processes[i] else { return None };
                let stage = match claim.times {
                    ..=1 => Stage::Idle,
                    times => Stage::Tried { times: times - 1, lost: true },
                };
                world.write(Write { expected: claim.version, generation: claim.generation, stage });
                world.processes[i] = Process::Outside;
            }
            Action::Deliver(i) => {
                let Process::Sent(claim, answer) = last.processes[i] else { return None };
                world.processes[i] = Process::Knows(claim, Some(answer));
            }
            Action::Lose(i) => {
                let Process::Sent(claim, _) = last.processes[i] else { return None };
                world.processes[i] = Process::Knows(claim, None);
            }
            Action::Save(i) => {
                let Process::Knows(claim, answer) = last.processes[i] else { return None };
                let (mut write, received) = (outcome(claim, answer), matches!(answer, Some(Answer::Issued(_))));
                // What was received takes the place of what it came of, whatever was noted about that since.
                let replaced = last.row.filter(|row| received && row.generation == claim.generation);
                write.expected = replaced.map_or(write.expected, |row| row.version);
                let saved = world.write(write);
                let newer = last.row.is_some_and(|row| row.generation > claim.generation);
                world.wasted |= received && saved.is_none() && !last.logged_out && !newer;
                world.processes[i] = Process::Outside;
            }
            // What it has received and not saved is gone with it.
            Action::Kill(i) => world.processes[i] = Process::Outside,
            Action::Leave(i) => {
                world.under_way = match last.processes[i] {
                    Process::Read(row) => Some(self.claim(row)?.0),
                    Process::Knows(claim, answer) => Some(outcome(claim, answer)),
                    _ => None,
                };
                world.processes[i] = Process::Outside;
            }
            Action::Arrive => drop(world.write(last.under_way?)),
            Action::LeasePasses => world.row.as_mut()?.stale = true,
            Action::TokenEnds => world.row.as_mut()?.good = Good::No,
            Action::LogOut => (world.row, world.logged_out) = (None, true),
        }
        Some(world)
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.versions <= WRITES && world.current < 3
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("a refresh token is sent again only when nothing is left to lose", |_, world: &World| {
                !world.unexcused
            }),
            Property::always(
                "a refresh token that rotates is sent twice at the most",
                |grant: &Self, world: &World| {
                    grant.profile.rotates == Rotates::Never || world.sent.iter().all(|times| *times <= 2)
                },
            ),
            Property::always("nothing newer is overwritten, and what is gone stays gone", |_, world: &World| {
                !world.undone && (!world.logged_out || world.row.is_none())
            }),
            Property::always("what was received is saved", |_, world: &World| !world.wasted),
            Property::always("a grant ends only where somebody fell silent", |_, world: &World| {
                !world.ended || world.stepped_in.is_some()
            }),
            Property::sometimes("a token is refreshed", |_, world: &World| {
                world.row.is_some_and(|row| row.generation == 1 && row.stage == Stage::Idle)
            }),
            Property::sometimes("somebody steps in", |_, world: &World| world.stepped_in.is_some()),
        ]
    }
}

#[test]
fn in_every_order_a_grant_survives_and_nothing_is_lost() {
    for rotates in [Rotates::Always, Rotates::Never] {
        let profile = RefreshProfile { rotates, reuse_grace: None };
        let checker = Grant { profile }.checker().threads(2).spawn_bfs().join();
        checker.assert_properties();
        assert!(checker.unique_state_count() > 1_000, "{}", checker.unique_state_count());
    }
}
