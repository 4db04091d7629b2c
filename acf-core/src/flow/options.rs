//! What may be asked of every request that sends nobody anywhere.

use acf_rules::{declaration, uri};

use crate::{
    error::{Error, sentence},
    provider::Names,
    value::Scopes,
};

/// Scopes and further parameters, as they were given.
#[derive(Default)]
pub(super) struct Options {
    scopes: Option<Result<Scopes, Error>>,
    params: Vec<(String, String)>,
}

impl Options {
    pub(super) fn scope<S: TryInto<Scopes>>(&mut self, scopes: S)
    where
        Error: From<S::Error>,
    {
        self.scopes = Some(scopes.try_into().map_err(Error::from));
    }

    pub(super) fn param(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.params.push((name.into(), value.into()));
    }

    /// The scopes and parameters, or everything that is wrong with them and was noted before. `names` are those of the
    /// request.
    #[expect(clippy::type_complexity, reason = "taken apart at once")]
    pub(super) fn checked(
        self,
        names: &Names,
        mut wrong: Vec<String>,
    ) -> Result<(Option<Scopes>, Vec<(String, String)>), Error> {
        let scopes = self.scopes.and_then(|scopes| scopes.map_err(|error| wrong.push(error.to_string())).ok());
        for (name, value) in &self.params {
            declaration::check_token_param(name, &mut |_, message, help| wrong.push(format!("{message}: {help}")));
            if names.is_new(name) {
                wrong.push(format!("parameter `{name}` is set by the flow and cannot be overridden: remove it"));
            }
            if name == "resource"
                && let Err(violation) = uri::resource(value)
            {
                wrong.push(sentence("resource", value, violation));
            }
        }
        if wrong.is_empty() { Ok((scopes, self.params)) } else { Err(Error::configuration(wrong.join("\n"))) }
    }
}
