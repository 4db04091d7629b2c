//! What is done in one step on the server.
//!
//! Each script looks at one key. Redis runs it alone, and replicates what it changed rather than the script (the default
//! since Redis 5), so it may read the clock and write. A replica answers reads from what it has, which may be old; so an
//! answer that comes without a change is preceded by one that changes nothing, which a replica refuses. No field of a row
//! has the empty name.

use std::sync::OnceLock;

use redis::{Arg, Cmd, Script};

/// ARGV: the tag and the binding. Whether it was removed, the milliseconds left, the value.
pub(super) static TAKE: Lua = Lua::new(
    "
local value = redis.call('GET', KEYS[1])
if not value then
  redis.call('DEL', KEYS[1])
  return false
end
local left = redis.call('PTTL', KEYS[1])
if string.sub(value, 1, #ARGV[1]) ~= ARGV[1] then
  return {0, left, value}
end
redis.call('DEL', KEYS[1])
return {1, left, value}",
);

/// ARGV: the field, how the new row begins, how the old one must begin (empty: anything or nothing), how the new row goes
/// on after the time. Whether it was saved.
pub(super) static SAVE: Lua = Lua::new(
    "
if ARGV[3] ~= '' then
  local old = redis.call('HGET', KEYS[1], ARGV[1])
  if not old or string.sub(old, 1, #ARGV[3]) ~= ARGV[3] then
    redis.call('HDEL', KEYS[1], '')
    return 0
  end
end
local now = redis.call('TIME')
local time = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. time .. ARGV[4])
return 1",
);

/// ARGV: the field. The time, the row. A server that takes no changes because its disk is full or its replicas are away has
/// what it has: only a replica is refused.
pub(super) static LOAD: Lua = Lua::new(
    "
local change = redis.pcall('HDEL', KEYS[1], '')
if type(change) == 'table' and string.find(change.err, 'READONLY', 1, true) then
  return redis.error_reply('READONLY a replica')
end
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then
  return false
end
local now = redis.call('TIME')
return {now[1] * 1000 + math.floor(now[2] / 1000), row}",
);

/// The names of the fields.
pub(super) static FIELDS: Lua = Lua::new(
    "
local change = redis.pcall('HDEL', KEYS[1], '')
if type(change) == 'table' and string.find(change.err, 'READONLY', 1, true) then
  return redis.error_reply('READONLY a replica')
end
return redis.call('HKEYS', KEYS[1])",
);

/// A script, and what servers that have it know it by.
pub(super) struct Lua {
    source: &'static str,
    hash: OnceLock<String>,
}

impl Lua {
    const fn new(source: &'static str) -> Self {
        Self { source, hash: OnceLock::new() }
    }

    fn hash(&self) -> &str {
        self.hash.get_or_init(|| Script::new(self.source).get_hash().to_owned())
    }
}

/// One step on one key.
pub(super) struct Step {
    pub(super) key: Vec<u8>,
    pub(super) command: Cmd,
    script: Option<&'static str>,
}

impl Step {
    /// A command whose first argument is the key.
    pub(super) fn command(name: &str, key: Vec<u8>, arguments: &[&[u8]]) -> Self {
        let mut command = redis::cmd(name);
        command.arg(&key).arg(arguments);
        Self { key, command, script: None }
    }

    pub(super) fn script(script: &'static Lua, key: Vec<u8>, arguments: &[&[u8]]) -> Self {
        let mut command = redis::cmd("EVALSHA");
        command.arg(script.hash()).arg(1).arg(&key).arg(arguments);
        Self { key, command, script: Some(script.source) }
    }

    /// What to send to a server that does not have the script.
    pub(super) fn in_full(&self) -> Option<Cmd> {
        let mut command = redis::cmd("EVAL");
        command.arg(self.script?);
        for argument in self.command.args_iter().skip(2) {
            match argument {
                Arg::Simple(bytes) => command.arg(bytes),
                // There is none in a script's arguments.
                _ => return None,
            };
        }
        Some(command)
    }
}
