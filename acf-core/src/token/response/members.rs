//! The members of an answer: read strictly out of JSON or a form, found by a name or a JSON pointer (RFC 6901).

use std::{borrow::Cow, fmt, str::FromStr};

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::form;

/// The members that RFC 6749 sections 5.1 and 5.2 and OpenID Connect give a meaning.
pub(super) const KNOWN: [&str; 9] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "id_token",
    "error",
    "error_description",
    "error_uri",
];

/// Serde's name for a number in builds where any crate asks for `serde_json/arbitrary_precision`: numbers are then handed
/// over as objects with this one member.
const NUMBER: &str = "$serde_json::private::Number";

/// How deep a member may be nested. Providers need four levels, and what is stored is nested in something again: a reader
/// that gives up at 128 (serde_json's does) must still be able to read it back.
const MAX_DEPTH: u8 = 32;

/// The members of an answer, each at most once. Those that an ordinary response has need no allocation for their names.
#[derive(Default)]
pub(super) struct Members {
    known: [Option<Value>; KNOWN.len()],
    pub(super) other: Map<String, Value>,
}

impl Members {
    /// Reads a form (RFC 6749 does not know this form of an answer): each pair written out, each name once, nothing that
    /// cannot be decoded.
    pub(super) fn from_form(body: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(body).map_err(|_| "bytes that are no UTF-8")?;
        let mut members = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or("something that is no `name=value`")?;
            let name = form::decode(name).ok_or("broken encoding")?;
            let value = form::decode(value).ok_or("broken encoding")?;
            if members.insert(Name::new(&name), Value::from(value)) {
                return Err("a member that occurs twice");
            }
        }
        Ok(members)
    }

    /// Of parameters that were read already, each of which occurs once.
    #[cfg(feature = "legacy-grants")]
    pub(super) fn from_pairs(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut members = Self::default();
        for (name, value) in pairs {
            members.insert(Name::new(&name), Value::from(value));
        }
        members
    }

    /// Adds a member; `true` if it was there.
    fn insert(&mut self, name: Name, value: Value) -> bool {
        match name {
            Name::Known(index) => self.known.get_mut(index).is_some_and(|slot| slot.replace(value).is_some()),
            Name::Other(name) => self.other.insert(name, value).is_some(),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        match known(name) {
            Some(index) => self.known.get(index)?.as_ref(),
            None => self.other.get(name),
        }
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match known(name) {
            Some(index) => self.known.get_mut(index)?.as_mut(),
            None => self.other.get_mut(name),
        }
    }

    /// The member at a place: a name, or a pointer from the top.
    pub(super) fn find(&self, place: &str) -> Option<&Value> {
        let (first, rest) = split(place);
        self.get(&first)?.pointer(rest)
    }

    /// The member at a place in the object at `path`, or at the top where there is no `path`.
    pub(super) fn find_at(&self, path: Option<&str>, place: &str) -> Option<&Value> {
        match path {
            None => self.find(place),
            Some(path) if place.starts_with('/') => self.find(path)?.pointer(place),
            Some(path) => self.find(path)?.get(place),
        }
    }

    /// [`find_at`](Self::find_at), and the member is gone afterwards.
    pub(super) fn take_at(&mut self, path: Option<&str>, place: &str) -> Option<Value> {
        let Some(path) = path else { return self.take(place) };
        let (first, rest) = split(path);
        take_in(self.get_mut(&first)?.pointer_mut(rest)?, place)
    }

    fn take(&mut self, place: &str) -> Option<Value> {
        let (first, rest) = split(place);
        match (rest, known(&first)) {
            ("", Some(index)) => self.known.get_mut(index)?.take(),
            ("", None) => self.other.remove(first.as_ref()),
            _ => take_in(self.get_mut(&first)?, rest),
        }
    }

    /// Every member of the object at `path` that means nothing to the RFC.
    pub(super) fn take_others(&mut self, path: Option<&str>) -> Map<String, Value> {
        let Some(path) = path else { return std::mem::take(&mut self.other) };
        let Some(Value::Object(mut others)) = self.take(path) else { return Map::new() };
        others.retain(|name, _| known(name).is_none());
        others
    }

    /// Every member.
    pub(super) fn into_all(self) -> Map<String, Value> {
        let mut all = self.other;
        all.extend(KNOWN.iter().zip(self.known).filter_map(|(name, value)| Some(((*name).to_owned(), value?))));
        all
    }
}

fn known(name: &str) -> Option<usize> {
    KNOWN.iter().position(|own| *own == name)
}

/// The first step of a place, and the pointer that is left.
fn split(place: &str) -> (Cow<'_, str>, &str) {
    let Some(pointer) = place.strip_prefix('/') else { return (Cow::Borrowed(place), "") };
    let (first, rest) = pointer.find('/').map_or((pointer, ""), |end| pointer.split_at(end));
    (unescaped(first), rest)
}

/// RFC 6901 section 4.
fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') { Cow::Owned(step.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(step) }
}

fn take_in(value: &mut Value, place: &str) -> Option<Value> {
    let (parent, last) = match place.starts_with('/') {
        true => place.rsplit_once('/')?,
        false => ("", place),
    };
    match value.pointer_mut(parent)? {
        Value::Object(members) if parent.is_empty() && !place.starts_with('/') => members.remove(last),
        Value::Object(members) => members.remove(unescaped(last).as_ref()),
        Value::Array(items) => last.parse().ok().and_then(|index: usize| items.get_mut(index)).map(Value::take),
        _ => None,
    }
}

/// The name of a member.
enum Name {
    Known(usize),
    Other(String),
}

impl Name {
    fn new(name: &str) -> Self {
        known(name).map_or_else(|| Self::Other(name.to_owned()), Self::Known)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                Ok(Name::new(name))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key()? {
                    if members.insert(name, map.next_value_seed(Strict { depth: 0 })?) {
                        return Err(twice());
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

fn twice<E: de::Error>() -> E {
    E::custom("a member occurs twice")
}

/// Any JSON value, in which no object has a member twice: of two readers one would take the first and one the second.
struct Strict {
    depth: u8,
}

impl Strict {
    fn deeper<E: de::Error>(&self) -> Result<u8, E> {
        if self.depth < MAX_DEPTH { Ok(self.depth + 1) } else { Err(E::custom("nested too deeply")) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Self { depth })? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == NUMBER && members.is_empty() {
                let number: String = map.next_value()?;
                return Number::from_str(&number).map(Value::Number).map_err(|_| de::Error::custom("a broken number"));
            }
            if members.insert(name, map.next_value_seed(Self { depth })?).is_some() {
                return Err(twice());
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"token_type":"b","data":{"access_token":"t","a/b":{"m~n":[1,{"x":2}]}},"/odd":3}"#;

    #[test]
    fn places() {
        let members: Members = serde_json::from_str(BODY).unwrap();
        for (path, place, found) in [
            (None, "token_type", Some(r#""b""#)),
            (None, "/token_type", Some(r#""b""#)),
            (None, "/data/access_token", Some(r#""t""#)),
            (None, "/data/a~1b/m~0n/1/x", Some("2")),
            (None, "/data/a~1b/m~0n/01/x", None),
            (None, "data.access_token", None),
            (None, "access_token", None),
            (Some("data"), "access_token", Some(r#""t""#)),
            (Some("/data"), "access_token", Some(r#""t""#)),
            (Some("/data"), "/a~1b/m~0n/0", Some("1")),
            (Some("/data/a~1b"), "m~n", Some(r#"[1,{"x":2}]"#)),
            (Some("/data"), "token_type", None),
            (Some("/none"), "token_type", None),
            (Some("/token_type"), "x", None),
        ] {
            let text = members.find_at(path, place).map(Value::to_string);
            assert_eq!(text.as_deref(), found, "{path:?} {place}");
            let mut members: Members = serde_json::from_str(BODY).unwrap();
            assert_eq!(members.take_at(path, place).map(|value| value.to_string()), text, "{path:?} {place}");
            let left = members.find_at(path, place);
            assert!(left.is_none_or(Value::is_null), "{path:?} {place}");
        }
    }

    #[test]
    fn no_object_has_a_member_twice() {
        for body in [
            r#"{"a":1,"a":1}"#,
            r#"{"data":{"a":1,"a":2}}"#,
            r#"{"data":[{"a":1,"\u0061":2}]}"#,
            r#"{"scope":1,"scope":null}"#,
        ] {
            assert!(serde_json::from_str::<Members>(body).is_err(), "{body}");
        }
        assert!(serde_json::from_str::<Members>(r#"{"a":{"x":1},"b":[{"x":1},{"x":1}]}"#).is_ok());
    }

    #[test]
    fn nesting_ends_where_a_store_can_still_read_it() {
        for (depth, read) in [(32, true), (33, false), (100, false), (100_000, false)] {
            let body = format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(serde_json::from_str::<Members>(&body).is_ok(), read, "{depth}");
        }
    }

    #[test]
    fn forms() {
        let members = Members::from_form(b"access_token=a%2Bb&x=1+2&&y=").unwrap();
        let text = |place| members.find(place).and_then(Value::as_str);
        assert_eq!((text("access_token"), text("x"), text("y"), text("z")), (Some("a+b"), Some("1 2"), Some(""), None));
        for wrong in [
            &b"access_token=a&access_token=b"[..],
            b"access_token=a&%61ccess_token=b",
            b"x=1&x=1",
            b"access_token",
            b"a=%zz",
            b"a=%00",
            b"a=b\n",
            b"a=%ff",
            b"a=\xff",
            b"{}",
        ] {
            assert!(Members::from_form(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }
}
