//! Making a provider value out of named texts, through its `Deserialize`.

use std::fmt::{self, Display};

use serde::{
    de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor},
    forward_to_deserialize_any,
};

use crate::error::Error;

/// Makes a `T` from the texts that `value` knows for its fields. `called` says how a person knows a field: by the name of
/// an environment variable, say. What is missing is reported all at once.
pub(super) fn make<T: DeserializeOwned>(
    mut value: impl FnMut(&str) -> Option<String>,
    called: impl Fn(&str) -> String,
) -> Result<T, Error> {
    let mut missing = Vec::new();
    let problem = match T::deserialize(Fields { value: &mut value, missing: &mut missing }) {
        Ok(made) => return Ok(made),
        Err(problem) => problem,
    };
    let text = match problem {
        Problem::Missing(field) => {
            // The usual three are always required; serde stops at the first field it misses.
            if !missing.contains(&field) {
                missing.push(field);
            }
            missing.retain(|name| *name == field || ["client_id", "client_secret", "redirect_uri"].contains(name));
            let names: Vec<_> = missing.iter().map(|name| called(name)).collect();
            format!("missing {}", names.join(", "))
        }
        Problem::Field(field, text) => format!("{}: {text}", called(field)),
        Problem::Other(text) => text,
    };
    Err(Error::configuration(text))
}

struct Fields<'a, F> {
    value: &'a mut F,
    missing: &'a mut Vec<&'static str>,
}

impl<'de, F: FnMut(&str) -> Option<String>> Deserializer<'de> for Fields<'_, F> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Problem> {
        Err(Problem::Other("only a struct with named fields can be made from named values".to_owned()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let mut given = Vec::with_capacity(fields.len());
        for field in fields {
            match (self.value)(field) {
                Some(text) => given.push((*field, text)),
                None => self.missing.push(field),
            }
        }
        visitor.visit_map(Given { fields: given.into_iter(), next: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Given {
    fields: std::vec::IntoIter<(&'static str, String)>,
    next: Option<(&'static str, String)>,
}

impl<'de> MapAccess<'de> for Given {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        self.next = self.fields.next();
        self.next.as_ref().map(|(field, _)| seed.deserialize((*field).into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let (field, text) = self.next.take().unwrap_or_default();
        seed.deserialize(Value(text)).map_err(|problem| match problem {
            Problem::Other(text) => Problem::Field(field, text),
            named => named,
        })
    }
}

/// Text that becomes whatever the field wants.
struct Value(String);

macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            let parsed = self.0.parse().map_err(|error| Problem::Other(format!("{error}")))?;
            visitor.$visit(parsed)
        }
    )*};
}

impl<'de> Deserializer<'de> for Value {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_string(self.0)
    }

    parsed! {
        deserialize_bool visit_bool
        deserialize_i64 visit_i64
        deserialize_i32 visit_i32
        deserialize_u64 visit_u64
        deserialize_u32 visit_u32
        deserialize_u16 visit_u16
        deserialize_f64 visit_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u128 f32 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// Why a value could not be made. Never quotes a value, which may be a secret.
#[derive(Debug)]
enum Problem {
    Missing(&'static str),
    Field(&'static str, String),
    Other(String),
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "missing `{field}`"),
            Self::Field(field, text) => write!(f, "`{field}`: {text}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: Display>(text: T) -> Self {
        Self::Other(text.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::Other(format!("expected {expected}"))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::Other(format!("expected {expected}"))
    }
}
