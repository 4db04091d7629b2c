extern crate std;
use super::*;
use std::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

const SOUND: &str = "\
    base_uri=https://x.example\nauthorization_path=/authorize\naccess_token_path=/token\n\
    client_auth=client_secret_post\n";

const ROLES: &[&str] = &["client_id", "client_secret", "redirect_uri"];

/// What is said about a written declaration; `placeholders` are filled by fields.
fn problems(text: &str, roles: &[&str], placeholders: &[&str]) -> Vec<(String, String)> {
    let entries: Vec<_> = read(text).collect();
    assert_eq!(entries.len(), text.lines().count(), "a key is not known: {text}");
    let declaration = Declaration { entries: &entries, roles, placeholders };
    let mut found = Vec::new();
    check(&declaration, &mut |subject, message, help| {
        assert!(!help.to_string().is_empty(), "{message}");
        let whole = |index: usize| {
            let entry = &entries[index];
            let dots: Vec<_> =
                [entry.group, entry.key.name, entry.name].into_iter().filter(|s| !s.is_empty()).collect();
            dots.join(".")
        };
        let subject = match subject {
            Subject::Key(index) => format!("key {}", whole(index)),
            Subject::Name(index) => format!("name {}", whole(index)),
            Subject::Value(index) => format!("value {}", whole(index)),
            other => format!("{other:?}"),
        };
        found.push((subject, message.to_string()));
    });
    found
}

#[test]
fn a_sound_declaration_has_no_problem() {
    assert_eq!(problems(SOUND, ROLES, &[]), vec![]);
}

#[test]
fn nothing_given_lists_everything_missing() {
    let found = problems("", &[], &[]);
    let messages: Vec<_> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "missing `authorization_path`",
            "missing `access_token_path`",
            "no field is the `client_id`",
            "no field is the `redirect_uri`",
        ]
    );
}

/// Each with the subject and the message of the one problem that it adds to a sound declaration. The sentences are
/// tested in full where the derive shows them.
#[test]
fn each_rule_names_its_subject() {
    let cases: &[(&str, &str, &str)] = &[
        ("name=GitHub", "value name", "must be lower-case"),
        ("issuer=https://x.example?a", "value issuer", "must not have a query"),
        ("refresh_path=refresh", "value refresh_path", "must begin with `/`"),
        ("refresh_path=https://x.example/a", "value refresh_path", "is a whole URL"),
        ("refresh_endpoint=/a", "value refresh_endpoint", "is a path"),
        ("token_endpoint=https://x.example/t", "key token_endpoint", "given twice"),
        ("post=xml", "value post", "unknown `post` value"),
        ("refresh.margin=soon", "value refresh.margin", "no whole number"),
        ("scope=a\nscope=a", "value scope", "given twice"),
        ("scope=a\nscope=A", "value scope", "only by case"),
        ("scope=a,b", "value scope", "one scope"),
        ("authorize.params.nonce=x", "name authorize.params.nonce", "the same in every login"),
        ("authorize.params.request=eyJhbGciOiJub25lIn0.e30.", "name authorize.params.request", "set by the flow"),
        ("refresh_path=/{shop}/refresh\ncallback.capture=shop", "value refresh_path", "learned only after"),
        ("authorize.params.state=x", "name authorize.params.state", "set by the flow"),
        ("authorize.params.a=b\nauthorize.params.a=c", "name authorize.params.a", "given twice"),
        ("token.headers.X-A=a\ntoken.headers.x-a=c", "name token.headers.x-a", "given twice"),
        ("token.headers.Authorization=a", "name token.headers.Authorization", "set by the flow"),
        ("token.params.audience={tenant}", "value token.params.audience", "no field provides"),
        ("authorize.omit=state", "value authorize.omit", "cannot be left out"),
        ("authorize.rename.code=x", "name authorize.rename.code", "no parameter `code`"),
        ("authorize.response_type=token", "value authorize.response_type", "address bar"),
        ("revoke.method=delete", "key revoke.method", "no endpoint"),
        (
            "revocation_path=/r\nrevoke.client_auth=client_secret_jwt\nrevoke.params.client_assertion=x",
            "name revoke.params.client_assertion",
            "set by the flow",
        ),
        ("pkce=on", "value pkce", "unknown `pkce` value"),
        ("userinfo_path=/me?a=1&a=2", "value userinfo_path", "`a` twice"),
        ("refresh_path=/r?grant_type=x", "value refresh_path", "which the flow itself sends"),
        ("userinfo_path=/me?a=1\nuserinfo.params.a=2", "name userinfo.params.a", "query already"),
        ("authorize.rename.client_id=state", "value authorize.rename.client_id", "parameter of its own"),
        ("token_response.keep=access_token", "value token_response.keep", "kept anyway"),
        ("token_response.token_type=mac", "value token_response.token_type", "can send"),
        ("error.ok=true", "key error.ok", "without `path`"),
        ("callback.capture=code", "value callback.capture", "cannot be captured"),
        ("placeholders.a-b=c", "name placeholders.a-b", "cannot be the name"),
        ("refresh_path=/{a}\nplaceholders.a=b\nplaceholders.a=c", "name placeholders.a", "given twice"),
        ("token_response.token_type=", "value token_response.token_type", "is empty"),
        ("placeholders.tenant=common", "name placeholders.tenant", "no endpoint uses"),
        ("client_id=cli", "key client_id", "given twice, as a constant and by a field"),
        ("token.client_auth=private_key_jwt", "value token.client_auth", "needs a signing key"),
    ];
    for (line, subject, message) in cases {
        let found = problems(&format!("{SOUND}{line}\n"), ROLES, &[]);
        let [(about, said)] = found.as_slice() else { panic!("{line}: {found:?}") };
        assert!(about == subject && said.contains(message), "{line}: {found:?}");
    }
}

#[test]
fn a_part_of_a_word_is_enough_to_be_understood() {
    let entry = Entry {
        group: "",
        key: language::find(language::STRUCT, "client_auth").unwrap(),
        name: "",
        value: Source::Text("basic"),
    };
    let mut said = String::new();
    let declaration = Declaration { entries: &[entry], ..Declaration::default() };
    check(&declaration, &mut |_, message, help| said += &format!("{message}: {help}\n"));
    assert!(said.contains("`basic`: did you mean `client_auth = client_secret_basic`?"), "{said}");
}

#[test]
fn with_an_unknown_separator_a_comma_may_be_right() {
    let entry = |key, value| Entry { group: "", key: language::find(language::STRUCT, key).unwrap(), name: "", value };
    let entries = [entry("scope", Source::Text("a,b")), entry("scope_separator", Source::Elsewhere)];
    let declaration = Declaration { entries: &entries, ..Declaration::default() };
    check(&declaration, &mut |subject, message, _| assert_ne!(subject, Subject::Value(0), "{message}"));
}

#[test]
fn what_providers_need_is_sound() {
    let cases: &[&str] = &[
        "pkce=off\nauthorize.omit=response_type\nauthorize.rename.client_id=appid\nauthorize.fragment=wechat_redirect",
        "token.params.client_id={client_id}\ntoken.client_auth=client_secret_basic",
        "callback.capture=device_id\ntoken.params.device_id={device_id}",
        "token_response.keep=/user/id\nuserinfo_path=/users/{id}\nuserinfo.path=/data",
        "token.client_auth=none\ntoken.headers.Authorization=Bearer {client_secret}",
        "api.headers.Authorization=OAuth {access_token}",
        "token.client_auth=none\ntoken.headers.X-Key={client_secret}\nrevocation_path=/r\n\
         revoke.headers.Authorization=Bearer {access_token}",
        "revocation_path=/tokens/{access_token}\nrevoke.method=delete\nrevoke.omit=token",
        "authorize.params.claims={\"id_token\":{\"email\":null}}",
        "token.rename.client_secret=client_assertion\ntoken.params.client_assertion_type=urn:x",
        "placeholders.version=v22.0\nuserinfo_path=/{version}/me",
        "refresh_path=/r?x=1&y=2\nrefresh.params.z=3",
        "authorize.rename.state=s\nauthorize.rename.client_id=state\ncallback.rename.state=s",
        "authorize.params.request=authorize\nauthorize.fragment=/oauth/authorize?",
        "authorize.params.prompt=login consent\nauthorize.params.max_age=0",
    ];
    for lines in cases {
        assert_eq!(problems(&format!("{SOUND}{lines}\n"), ROLES, &[]), vec![], "{lines}");
    }
    let hashed = SOUND.replace("client_secret_post", "none") + "hooks=\n";
    assert_eq!(problems(&hashed, ROLES, &[]), vec![]);
    let device =
        "device_authorization_endpoint=https://x.example/d\ntoken_endpoint=https://x.example/t\nclient_id=cli\n";
    assert_eq!(problems(device, &[], &[]), vec![]);
}

#[test]
fn a_field_takes_the_place_of_what_is_not_declared() {
    let fields = &["base_uri", "client_id", "redirect_uri"];
    assert_eq!(problems("authorization_path=/a\naccess_token_path=/t\n", fields, &[]), vec![]);
    let unused = problems("authorization_endpoint=https://x/a\ntoken_endpoint=https://x/t\n", fields, &[]);
    assert_eq!(unused[0].0, "Role(\"base_uri\")");
    let placeholder = problems(SOUND, ROLES, &["tenant"]);
    assert_eq!(placeholder, [("Placeholder(0)".to_owned(), "no endpoint uses `{tenant}`".to_owned())]);
}

#[test]
fn an_option_of_one_login_is_measured_like_a_declared_parameter() {
    let said = |name: &str| {
        let mut said = Vec::new();
        check_authorize_param(name, &mut |_, message, _| said.push(message.to_string()));
        said
    };
    assert_eq!(said("prompt"), Vec::<String>::new());
    // Fresh in each login, as no declared one could be.
    assert_eq!(said("nonce"), Vec::<String>::new());
    assert_eq!(said("state").len(), 1);
    assert_eq!(said("a=b").len(), 1);
}
