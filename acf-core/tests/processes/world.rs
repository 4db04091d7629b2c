//! The parent's side: processes that are asked, killed and stopped.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use crate::{
    authority::Authority,
    backend::Backend,
    child::{Ask, Failed, JOB, Job, MARK, READY, Said},
    steps::Step,
};

/// The deadline of token requests where processes are killed: the lease is longer by 20 seconds, and is waited for.
pub(crate) const DEADLINE: Duration = Duration::from_secs(3);

/// Longer than a lease with that deadline.
pub(crate) const LEASE_IS_OVER: Duration = Duration::from_secs(24);

/// Longer than anything takes that is waited for here.
const STUCK: Duration = Duration::from_secs(90);

/// A server and a store.
pub(crate) struct World {
    pub(crate) authority: Authority,
    backend: Backend,
    run: u128,
}

impl World {
    pub(crate) fn new(backend: Backend) -> Self {
        let run = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        Self { authority: Authority::start(), backend, run }
    }

    /// A name that nobody else has in this store, also if it is not empty.
    pub(crate) fn user(&self, name: &str) -> String {
        format!("{name}-{}", self.run)
    }

    /// Many processes at once: none has to wait for the one before to have started.
    pub(crate) fn processes(&self, count: usize, deadline: Duration) -> Vec<Process> {
        let starting: Vec<_> = (0..count).map(|_| self.starting(deadline, None)).collect();
        starting.into_iter().map(Starting::started).collect()
    }

    pub(crate) fn process(&self) -> Process {
        self.starting(DEADLINE, None).started()
    }

    /// One whose clock differs by so many minutes.
    pub(crate) fn process_at(&self, minutes: i64) -> Process {
        let process = self.starting(DEADLINE, Some(&format!("{minutes:+}m"))).started();
        let theirs: i64 = process.answer("", Ask::Clock).unwrap().parse().unwrap();
        let ours = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
        assert!((theirs - ours - 60 * minutes).abs() < 30, "libfaketime is not there: install faketime");
        process
    }

    fn starting(&self, deadline: Duration, clock: Option<&str>) -> Starting {
        let job = Job { backend: self.backend.clone(), authority: self.authority.address, deadline };
        let mut command = Command::new(std::env::current_exe().unwrap());
        if let Some(clock) = clock {
            // What the program `faketime` sets. It would stand between the process and its signals.
            command.env("LD_PRELOAD", "/usr/$LIB/faketime/libfaketimeMT.so.1").env("FAKETIME", clock);
            // What waits for a while must not be confused.
            command.env("DONT_FAKE_MONOTONIC", "1");
        }
        command.args(["--exact", "child::a_process", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(JOB, serde_json::to_string(&job).unwrap());
        Starting::spawn(command)
    }

    /// Lets every save fail, or no longer.
    pub(crate) fn fail(&self, fails: bool) {
        self.backend.fail(fails);
    }

    /// The user logs in, by that process: the access token lives so many seconds.
    pub(crate) fn log_in(&self, process: &Process, user: &str, lives: i64) {
        let token = self.authority.log_in(user, lives);
        process.ask(user, Ask::Store(token)).answer().unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.backend.clone().emptied());
    }
}

type Waiting = Arc<Mutex<HashMap<u64, mpsc::Sender<Result<String, Failed>>>>>;

/// A process of the application. It ends with this.
pub(crate) struct Process {
    child: Child,
    input: Mutex<Option<ChildStdin>>,
    next: AtomicU64,
    waiting: Waiting,
    at: Mutex<mpsc::Receiver<Step>>,
}

/// A process that is not heard of yet.
struct Starting(Process, Asked);

impl Starting {
    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (send, started) = mpsc::channel();
        let waiting = Waiting::new(Mutex::new(HashMap::from([(READY, send)])));
        let (answered, (halted, at)) = (Arc::clone(&waiting), mpsc::channel());
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let Some(said) = line.strip_prefix(MARK) else { continue };
                // Half a line is what a process left that was killed.
                let Ok(said) = serde_json::from_str(said) else { continue };
                match said {
                    Said::At(step) => drop(halted.send(step)),
                    Said::Answer(id, answer) => {
                        let waiting = answered.lock().unwrap().remove(&id);
                        drop(waiting.map(|waiting| waiting.send(answer)));
                    }
                }
            }
            answered.lock().unwrap().clear();
        });
        let (input, at, next) = (Mutex::new(Some(input)), Mutex::new(at), AtomicU64::new(READY + 1));
        Self(Process { child, input, next, waiting, at }, Asked(started))
    }

    fn started(self) -> Process {
        self.1.answer().unwrap();
        self.0
    }
}

impl Process {
    pub(crate) fn ask(&self, user: &str, ask: Ask) -> Asked {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (send, answer) = mpsc::channel();
        self.waiting.lock().unwrap().insert(id, send);
        // A process that is gone answers nothing: whoever waits is told.
        if self.tell(id, user, &ask).is_err() {
            self.waiting.lock().unwrap().remove(&id);
        }
        Asked(answer)
    }

    fn tell(&self, id: u64, user: &str, ask: &Ask) -> std::io::Result<()> {
        let line = format!("{}\n", serde_json::to_string(&(id, user, ask)).unwrap());
        self.input.lock().unwrap().as_mut().unwrap().write_all(line.as_bytes())
    }

    /// Asks, and waits for the answer.
    pub(crate) fn answer(&self, user: &str, ask: Ask) -> Result<String, Failed> {
        self.ask(user, ask).answer()
    }

    /// Asks, and waits until the process halts at this step, having passed it so many times.
    pub(crate) fn halted(&self, user: &str, ask: Ask, step: Step, passes: u32) -> Asked {
        self.tell(READY, "", &Ask::Hold(step, passes)).unwrap();
        let asked = self.ask(user, ask);
        assert_eq!(self.at.lock().unwrap().recv_timeout(STUCK), Ok(step));
        asked
    }

    /// Lets it halt the next time that it comes to this step, and waits for that, though not for long.
    pub(crate) fn halts(&self, step: Step, patience: Duration) {
        self.tell(READY, "", &Ask::Hold(step, 0)).unwrap();
        let _ = self.at.lock().unwrap().recv_timeout(patience);
    }

    pub(crate) fn go_on(&self) {
        self.tell(READY, "", &Ask::Go).unwrap();
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGSTOP.
    pub(crate) fn stop(&self) {
        self.signal("STOP");
    }

    /// SIGCONT.
    pub(crate) fn wake(&self) {
        self.signal("CONT");
    }

    /// By the shell, which has `kill` built in on every system.
    fn signal(&self, name: &str) {
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // With its input a process ends, and takes away what it has; one that is stopped has to be killed.
        drop(self.input.get_mut().unwrap().take());
        let begun = Instant::now();
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if begun.elapsed() > Duration::from_secs(2) {
                drop(self.child.kill());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What a process will say.
pub(crate) struct Asked(mpsc::Receiver<Result<String, Failed>>);

impl Asked {
    pub(crate) fn answer(self) -> Result<String, Failed> {
        self.0.recv_timeout(STUCK).unwrap_or_else(|error| panic!("the process says nothing: {error}"))
    }

    /// `None` if the process is no more.
    pub(crate) fn answer_if_alive(self) -> Option<Result<String, Failed>> {
        match self.0.recv_timeout(STUCK) {
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the process says nothing"),
            answer => answer.ok(),
        }
    }
}

/// Waits until it is so.
pub(crate) fn until(mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < STUCK, "it does not come about");
        std::thread::sleep(Duration::from_millis(10));
    }
}
