//! What is refused without an attribute is refused by an error that names it; what the error names is pasted and tried.

use super::{JSON, answer, described, table};

/// An answer that is refused, the attribute that the error names, and what it is with the attribute.
#[test]
fn an_error_names_what_would_accept_the_answer() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let cases: &[(u16, &str, &str, &str, &str, &str)] = &[
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret"}"#,
            "token_response",
            r#"token_response(token_type = "Bearer")"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"User Access Token"}"#,
            "token_response",
            r#"token_response(token_type_alias = "User Access Token")"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","tokenType":"bearer"}"#,
            "token_response",
            r#"token_response(rename(token_type = "tokenType"))"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"accessToken":"tok3n-secret","token_type":"bearer"}"#,
            "token_response",
            r#"token_response(rename(access_token = "accessToken"))"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"accessToken":"tok3n-secret","tokenType":"bearer","expiresIn":60,"refreshToken":"refr3sh-secret"}"#,
            "token_response",
            r#"token_response(rename(access_token = "accessToken", token_type = "tokenType", expires_in = "expiresIn", refresh_token = "refreshToken"))"#,
            "tok3n-secret; ends 60; refresh refr3sh-secret",
        ),
        (
            200,
            JSON,
            r#"{"token":"tok3n-secret","token_type":"bearer"}"#,
            "token_response",
            r#"token_response(rename(access_token = "token"))"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"access-token":"tok3n-secret","token_type":"bearer"}"#,
            "token_response",
            r#"token_response(rename(access_token = "access-token"))"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"code":0,"data":{"access_token":"tok3n-secret","token_type":"bearer"}}"#,
            "token_response",
            r#"token_response(path = "/data")"#,
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer","scope":["b","c"]}"#,
            "token_response",
            "token_response(scope_list)",
            "tok3n-secret; scope b c",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer","expires_in":UNIX}"#,
            "token_response",
            "token_response(expires_unit = unix_time)",
            "tok3n-secret; ends 3600",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer","expires_in":UNIX.5}"#,
            "token_response",
            "token_response(expires_unit = unix_time)",
            "tok3n-secret; ends 3600",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer","expires_in":"MILLIS"}"#,
            "token_response",
            "token_response(expires_unit = unix_time_milliseconds)",
            "tok3n-secret; ends 3600",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer","expires_in":"DATE"}"#,
            "token_response",
            "token_response(expires_unit = date_time)",
            "tok3n-secret; ends 3600",
        ),
        (
            200,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer","expires_in":-1}"#,
            "token_response",
            "token_response(zero_is_never)",
            "tok3n-secret",
        ),
        (
            200,
            FORM,
            "access_token=tok3n-secret&token_type=bearer&expires_in=60",
            "response",
            "token_response(encoding = form)",
            "tok3n-secret; ends 60",
        ),
        (
            200,
            JSON,
            "access_token=tok3n-secret&token_type=bearer",
            "response",
            "token_response(encoding = form)",
            "tok3n-secret",
        ),
        (
            200,
            "text/html",
            r#"{"access_token":"tok3n-secret","token_type":"bearer"}"#,
            "response",
            "token_response(encoding = json)",
            "tok3n-secret",
        ),
        (
            201,
            JSON,
            r#"{"access_token":"tok3n-secret","token_type":"bearer"}"#,
            "response",
            "token_response(status = 201)",
            "tok3n-secret",
        ),
        (
            200,
            JSON,
            r#"{"errcode":40029,"errmsg":"invalid code"}"#,
            "token_response",
            r#"token_response(error(path = "errcode", description = "errmsg"))"#,
            "provider 40029 (invalid code)",
        ),
        (
            200,
            JSON,
            r#"{"code":10002,"message":"s3cret-code is old","data":{}}"#,
            "token_response",
            r#"token_response(error(path = "code", description = "message"))"#,
            "provider 10002 (*** is old)",
        ),
        (
            200,
            JSON,
            r#"{"ok":false}"#,
            "token_response",
            r#"token_response(error(path = "ok", ok = "true"))"#,
            "provider unknown_error",
        ),
        (
            400,
            JSON,
            r#"{"error":{"message":"Bad code","type":"OAuthException","code":100}}"#,
            "provider 100 (Bad code)",
            r#"token_response(error(code = "/error/code", description = "/error/message"))"#,
            "provider 100 (Bad code)",
        ),
        (
            401,
            JSON,
            r#"{"errors":[{"errorType":"invalid_grant","message":"Old"}],"success":false}"#,
            "response",
            r#"token_response(error(path = "success", ok = "true"))"#,
            "provider unknown_error",
        ),
        (
            400,
            "text/plain",
            r#"{"error":"invalid_grant"}"#,
            "response",
            "token_response(encoding = json)",
            "provider invalid_grant",
        ),
    ];
    for (status, content_type, text, kind, attribute, then) in cases {
        let error = answer("", *status, content_type, text).expect_err(text);
        assert_eq!(error.attribute(), Some(*attribute), "{text}: {error}");
        assert!(error.to_string().ends_with(&format!(", declare `{attribute}`")), "{error}");
        table(&[("", *status, content_type, text, kind)]);
        // With what it says, the answer is read; what else may be in it is kept.
        let token = answer(attribute, *status, content_type, text);
        assert_eq!(described(&token), *then, "{attribute} {text}: {token:?}");
    }
}

#[test]
fn an_error_does_not_name_what_would_not_help_or_would_tell_a_secret() {
    for (status, content_type, text) in [
        (200, JSON, r#"{"access_token":"tok3n-secret","token_type":"mac"}"#),
        (200, JSON, r#"{"access_token":"tok3n-secret","token_type":"DPoP"}"#),
        (200, JSON, r#"{"access_token":"tok3n-secret","token_type":"tok3n-secret"}"#),
        (200, JSON, r#"{"access_token":"abcdefgh","token_type":"abcdefgh"}"#),
        (200, JSON, r#"{"access_token":"tok3n-secret","token_type":"s3cret-code"}"#),
        (200, JSON, r#"{"access_token":"tok3n-secret","token_type":"bearer","expires_in":3599.5}"#),
        (200, JSON, r#"{"a":{"access_token":"tok3n-secret"},"b":{"access_token":"tok3n-secret"}}"#),
        (200, JSON, r#"{"tok3n-secret":{"access_token":{}}}"#),
        (200, JSON, r#"{"data":{"quote\"d":{"access_token":"x"}}}"#),
        (200, JSON, r#"{"qu\"oted":{"access_token":"x"}}"#),
        (200, JSON, "{}"),
        (200, JSON, "\"tok3n-secret\""),
        (200, JSON, r#"{"tok3n-secret":1,"tok3n-secret":2}"#),
        (200, "text/html", "<a href=\"?error=x&access_token=tok3n-secret\">"),
        (201, JSON, "{}"),
        (204, JSON, ""),
        (500, "text/html", "<html>"),
    ] {
        let error = answer("", status, content_type, text).expect_err(text);
        assert_eq!(error.attribute(), None, "{text}: {error}");
    }
}

#[test]
fn an_excerpt_holds_no_token() {
    for text in
        [r#"access_token=tok3n-secret&x"#, r#"{"accessToken":"tok3n-secret"}"#, r#"<p>"refresh-token": tok3n-secret"#]
    {
        for status in [201, 400, 503] {
            answer("", status, "text/html", text).unwrap_err();
            answer("", status, JSON, text).unwrap_err();
        }
    }
    let error = answer("", 503, "text/html", "down for repairs").unwrap_err();
    assert!(error.to_string().contains("down for repairs"), "{error}");
}
