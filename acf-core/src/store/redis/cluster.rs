//! A cluster: which server has which key.
//!
//! A server that does not have a key says so, and has done nothing. That, and a server that cannot be reached, is all that
//! makes a command go out again.

use std::sync::{Arc, Mutex, MutexGuard};

use redis::{Cmd, ErrorKind, RedisError, ServerErrorKind, Value};

use super::node::{Failure, Manner, Node, Place};
use crate::{error::Error, lock::lock};

/// How often one command goes out.
const MOST: usize = 5;

pub(super) struct Cluster {
    seeds: Vec<Place>,
    manner: Manner,
    map: Mutex<Map>,
    /// Held by whoever asks for the map.
    asking: tokio::sync::Mutex<()>,
}

/// What is known. Servers stay when ranges are forgotten: they may keep their slots, and their connections are of use.
#[derive(Default)]
struct Map {
    ranges: Vec<Range>,
    nodes: Vec<Arc<Node>>,
}

/// The slots from one to the other, both included.
struct Range {
    first: u16,
    last: u16,
    node: Arc<Node>,
}

impl Cluster {
    pub(super) fn new(seeds: Vec<Place>, manner: Manner) -> Result<Self, Error> {
        if manner.login.db() != 0 {
            return Err(Error::configuration("a Redis cluster has no database but 0"));
        }
        Ok(Self { seeds, manner, map: Mutex::default(), asking: tokio::sync::Mutex::default() })
    }

    pub(super) fn seeds(&self) -> &[Place] {
        &self.seeds
    }

    pub(super) async fn send(&self, key: &[u8], command: &Cmd) -> Result<Value, Failure> {
        let slot = slot(key);
        let mut result = Err(Failure::Unreachable(Error::store("no server of the Redis cluster has this key")));
        // Where the last answer has led, and whether to say that it has. Others may not know of it yet.
        let mut led = None;
        for _ in 0..MOST {
            let (node, asking) = match led.take() {
                Some(led) => led,
                None => match self.owner(slot).await? {
                    Some(owner) => (owner, false),
                    None => {
                        self.map().ranges.clear();
                        break;
                    }
                },
            };
            result = if asking { node.send_asking(command).await } else { node.send(command).await };
            let error = match &result {
                Ok(_) => break,
                Err(Failure::Said(error)) => error,
                Err(Failure::Unreachable(_)) => {
                    self.avoid(&node);
                    continue;
                }
            };
            match error.kind() {
                ErrorKind::Server(ServerErrorKind::Moved) => {
                    self.forget(slot, &node);
                    led = named(error, &node.place).map(|place| (self.known(place), false));
                }
                ErrorKind::Server(ServerErrorKind::Ask) => {
                    let Some(place) = named(error, &node.place) else { break };
                    led = Some((self.known(place), true));
                }
                ErrorKind::Server(ServerErrorKind::ReadOnly) => self.forget(slot, &node),
                // It is cut off, and others may have its keys by now. The next call will see.
                ErrorKind::Server(ServerErrorKind::ClusterDown) => {
                    self.avoid(&node);
                    break;
                }
                // Perhaps it is being replaced. Of this call nobody knows what it did.
                _ if error.is_io_error() => {
                    self.avoid(&node);
                    break;
                }
                _ => break,
            }
        }
        result
    }

    /// The answers of all servers that have slots.
    pub(super) async fn everywhere(&self, command: &Cmd) -> Result<Vec<(Place, Result<Value, Failure>)>, Error> {
        self.owner(0).await?;
        let nodes = self.map().nodes.clone();
        let mut answers = Vec::with_capacity(nodes.len());
        for node in nodes {
            answers.push((node.place.clone(), node.send(command).await));
        }
        Ok(answers)
    }

    fn map(&self) -> MutexGuard<'_, Map> {
        lock(&self.map)
    }

    /// The map is asked for again, unless somebody has done so since it led to this server.
    fn forget(&self, slot: u16, node: &Arc<Node>) {
        let mut map = self.map();
        if map.owner(slot).flatten().is_some_and(|owner| Arc::ptr_eq(&owner, node)) {
            map.ranges.clear();
        }
    }

    /// The same, of others first.
    fn avoid(&self, node: &Arc<Node>) {
        let mut map = self.map();
        if let Some(index) = map.nodes.iter().position(|known| Arc::ptr_eq(known, node)) {
            map.nodes.swap_remove(index);
            map.ranges.clear();
        }
    }

    /// The server at this place, with its connection if there is one.
    fn node(&self, place: Place) -> Arc<Node> {
        let known = self.map().nodes.iter().find(|node| node.place == place).cloned();
        known.unwrap_or_else(|| Arc::new(Node::new(place, self.manner.clone())))
    }

    /// The same, and whoever comes next has its connection, too.
    fn known(&self, place: Place) -> Arc<Node> {
        let mut map = self.map();
        if let Some(known) = map.nodes.iter().find(|node| node.place == place) {
            return Arc::clone(known);
        }
        let node = Arc::new(Node::new(place, self.manner.clone()));
        map.nodes.push(Arc::clone(&node));
        node
    }

    /// Who has the slot.
    async fn owner(&self, slot: u16) -> Result<Option<Arc<Node>>, Failure> {
        if let Some(owner) = self.map().owner(slot) {
            return Ok(owner);
        }
        let _asking = self.asking.lock().await;
        if let Some(owner) = self.map().owner(slot) {
            return Ok(owner);
        }
        let ranges = self.ask().await?;
        let mut map = self.map();
        map.nodes = Vec::new();
        for Range { node, .. } in &ranges {
            if !map.nodes.iter().any(|known| known.place == node.place) {
                map.nodes.push(Arc::clone(node));
            }
        }
        map.ranges = ranges;
        Ok(map.owner(slot).flatten())
    }

    /// Asks one server after the other who has which slots.
    async fn ask(&self) -> Result<Vec<Range>, Failure> {
        let known = self.map().nodes.clone();
        let mut command = redis::cmd("CLUSTER");
        command.arg("SLOTS");
        let mut last = Failure::Unreachable(Error::store("no server of the Redis cluster can be reached"));
        for node in known.into_iter().chain(self.seeds.iter().map(|seed| self.node(seed.clone()))) {
            match node.send(&command).await {
                Ok(said) => return Ok(self.read(&said, &node.place)),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    /// `CLUSTER SLOTS`: of each range the first and the last slot, the primary, and the replicas.
    fn read(&self, said: &Value, by: &Place) -> Vec<Range> {
        let Value::Array(ranges) = said else { return Vec::new() };
        let mut read: Vec<Range> = Vec::with_capacity(ranges.len());
        for range in ranges {
            if let Value::Array(parts) = range
                && let [Value::Int(first), Value::Int(last), Value::Array(primary), ..] = parts.as_slice()
                && let [host, Value::Int(port), ..] = primary.as_slice()
                && let (Ok(first), Ok(last), Ok(port)) = ((*first).try_into(), (*last).try_into(), (*port).try_into())
                && let Some(place) = place(text(host), port, by)
            {
                let known = read.iter().find(|range| range.node.place == place).map(|range| Arc::clone(&range.node));
                read.push(Range { first, last, node: known.unwrap_or_else(|| self.node(place)) });
            }
        }
        read
    }
}

impl Map {
    /// Who has the slot, if the map is there.
    fn owner(&self, slot: u16) -> Option<Option<Arc<Node>>> {
        let owner = self.ranges.iter().find(|range| (range.first..=range.last).contains(&slot));
        (!self.ranges.is_empty()).then(|| owner.map(|range| Arc::clone(&range.node)))
    }
}

fn text(value: &Value) -> &str {
    match value {
        Value::BulkString(bytes) => str::from_utf8(bytes).unwrap_or_default(),
        Value::SimpleString(text) => text.as_str(),
        _ => "",
    }
}

/// A server that does not know its own name means the one it was reached by.
fn place(host: &str, port: u16, by: &Place) -> Option<Place> {
    match (host, by) {
        ("" | "?", Place::Tcp(host, _)) => Some(Place::Tcp(host.clone(), port)),
        ("" | "?", Place::Unix(_)) => None,
        _ => Some(Place::Tcp(host.to_owned(), port)),
    }
}

/// Who is named by whoever does not have the slot, or has it no more.
fn named(error: &RedisError, by: &Place) -> Option<Place> {
    let (host, port) = error.redirect_node()?.0.rsplit_once(':')?;
    place(host, port.parse().ok()?, by)
}

/// The slot of a key: CRC-16/XMODEM of it, or of what stands between its first `{` and the `}` after it.
fn slot(key: &[u8]) -> u16 {
    let tag = || {
        let (_, rest) = key.split_at_checked(key.iter().position(|byte| *byte == b'{')? + 1)?;
        let (tag, _) = rest.split_at_checked(rest.iter().position(|byte| *byte == b'}')?)?;
        (!tag.is_empty()).then_some(tag)
    };
    let crc = tag().unwrap_or(key).iter().fold(0, |crc: u16, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| (crc << 1) ^ (0x1021 * (crc >> 15)))
    });
    crc % 16_384
}

#[cfg(test)]
mod tests {
    use super::slot;

    /// From the cluster specification, and from `CLUSTER KEYSLOT`.
    #[test]
    fn slots() {
        for (key, expected) in [
            ("123456789", 0x31C3),
            ("", 0),
            ("foo", 12182),
            ("{foo}.bar", 12182),
            ("a{foo}{bar}", 12182),
            ("{}foo", 9500),
            ("{foo", 13308),
            ("{{foo}}", 13308),
        ] {
            assert_eq!(slot(key.as_bytes()), expected, "{key}");
        }
    }
}
