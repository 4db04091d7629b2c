//! What each attribute of `token_response(..)` accepts.

use super::{JSON, answer, show, table};

#[test]
fn members_are_where_the_declaration_says() {
    let nested = r#"{"status":0,"team":{"id":7},"data":{"access_token":"t","token_type":"bearer","scope":null,"user":"u"},"access_token":"top"}"#;
    table(&[
        (r#"token_response(path = "/data")"#, 200, JSON, nested, r#"t; user="u""#),
        (r#"token_response(path = "data")"#, 200, JSON, nested, r#"t; user="u""#),
        (r#"token_response(path = "/data/none")"#, 200, JSON, nested, "token_response"),
        (r#"token_response(path = "/status")"#, 200, JSON, nested, "token_response"),
        (r#"token_response(path = "/data", keep(user))"#, 200, JSON, nested, r#"t; user="u""#),
        (r#"token_response(path = "/data", keep("/team/id"))"#, 200, JSON, nested, "t; id=7"),
        (r#"token_response(path = "/data", keep("/data"))"#, 200, JSON, nested, r#"t; data={"user":"u"}"#),
        (r#"token_response(path = "/data", keep(none))"#, 200, JSON, nested, "t"),
        (r#"token_response(path = "/data", rename(access_token = "/user"))"#, 200, JSON, nested, "u"),
        (
            r#"token_response(rename(access_token = "/data/access_token", token_type = "/data/token_type"))"#,
            200,
            JSON,
            nested,
            r#"t; data={"scope":null,"user":"u"}; status=0; team={"id":7}"#,
        ),
        // What is renamed has no other name.
        (
            r#"token_response(rename(access_token = "token"))"#,
            200,
            JSON,
            r#"{"access_token":"a","token_type":"bearer"}"#,
            "token_response",
        ),
        (
            r#"token_response(expires = "expires", token_type = "Bearer")"#,
            200,
            JSON,
            r#"{"access_token":"a","expires":60,"expires_in":90}"#,
            "a; ends 60",
        ),
        // Twice is refused wherever it is read.
        (
            r#"token_response(path = "/data")"#,
            200,
            JSON,
            r#"{"data":{"access_token":"a","access_token":"b","token_type":"bearer"}}"#,
            "response",
        ),
        (
            r#"token_response(path = "/data")"#,
            200,
            JSON,
            r#"{"data":{},"data":{"access_token":"b","token_type":"bearer"}}"#,
            "response",
        ),
    ]);
}

#[test]
fn what_is_kept() {
    let text =
        r#"{"access_token":"t","token_type":"bearer","a":1,"b":{"c":2},"code":"s3cret-code","d":["s3cret-code"]}"#;
    table(&[
        ("", 200, JSON, text, r#"t; a=1; b={"c":2}"#),
        ("token_response(keep(a))", 200, JSON, text, "t; a=1"),
        (r#"token_response(keep("/b/c", a))"#, 200, JSON, text, "t; a=1; c=2"),
        (r#"token_response(keep(code, "/d", "/access_token"))"#, 200, JSON, text, "t"),
    ]);
}

#[test]
fn encodings() {
    let json = r#"{"access_token":"t","token_type":"bearer"}"#;
    let form = "access_token=t&token_type=bearer&scope=b+c";
    for (declared, content_type, text, expected) in [
        ("token_response(encoding = json)", "", json, "t"),
        ("token_response(encoding = json)", "text/html", json, "t"),
        ("token_response(encoding = json)", JSON, form, "response"),
        ("token_response(encoding = json)", JSON, "\u{FEFF}{}", "response"),
        ("token_response(encoding = form)", "text/plain", form, "t; scope b c"),
        ("token_response(encoding = form)", JSON, form, "t; scope b c"),
        ("token_response(encoding = form)", JSON, json, "response"),
        ("token_response(encoding = form)", "", "\u{FEFF}access_token=t&token_type=bearer", "token_response"),
        ("token_response(encoding = form)", "", "access_token=t&access_token=t&token_type=bearer", "response"),
        ("token_response(encoding = form)", "", "access_token=t&token_type=bearer\r\n", "response"),
        ("token_response(encoding = form)", "", "access_token=t%0d%0a&token_type=bearer", "response"),
        ("token_response(encoding = form)", "", "error=invalid_grant&x=1", "provider invalid_grant"),
    ] {
        table(&[(declared, 200, content_type, text, expected)]);
    }
    table(&[("token_response(encoding = form)", 400, "", "error=invalid_grant", "provider invalid_grant")]);
}

#[test]
fn types_scopes_and_statuses() {
    let with = |members: &str| format!(r#"{{"access_token":"t"{members}}}"#);
    for (declared, members, expected) in [
        (r#"token_response(token_type = "bearer")"#, "", "t"),
        (r#"token_response(token_type = "Bearer")"#, r#","token_type":null"#, "t"),
        (r#"token_response(token_type = "Bearer")"#, r#","token_type":"mac""#, "token_response"),
        (r#"token_response(token_type_alias = "User Token")"#, r#","token_type":"User Token""#, "t"),
        (r#"token_response(token_type_alias = "User Token")"#, r#","token_type":"user token""#, "token_response"),
        (r#"token_response(token_type_alias = "User Token")"#, r#","token_type":"bearer""#, "t"),
        (r#"token_response(token_type_alias = "User Token")"#, "", "token_response"),
        (r#"token_response(scope_separator = ",")"#, r#","token_type":"bearer","scope":"b,c""#, "t; scope b c"),
        ("", r#","token_type":"bearer","scope":"b,c""#, "t; scope b,c"),
        ("", r#","token_type":"bearer","scope":"b\u0000""#, "token_response"),
        ("token_response(scope_list)", r#","token_type":"bearer","scope":["b","c","b"]"#, "t; scope b c"),
        ("token_response(scope_list)", r#","token_type":"bearer","scope":[]"#, "t; scope "),
        ("token_response(scope_list)", r#","token_type":"bearer","scope":"b c""#, "t; scope b c"),
        ("token_response(scope_list)", r#","token_type":"bearer","scope":["b c"]"#, "token_response"),
        ("token_response(scope_list)", r#","token_type":"bearer","scope":["b",1]"#, "token_response"),
        ("token_response(scope_list)", r#","token_type":"bearer","scope":{}"#, "token_response"),
    ] {
        table(&[(declared, 200, JSON, &with(members), expected)]);
    }
    let fine = with(r#","token_type":"bearer""#);
    table(&[
        ("token_response(status = 201)", 201, JSON, &fine, "t"),
        ("token_response(status = 201)", 200, JSON, &fine, "t"),
        ("token_response(status = 201)", 202, JSON, &fine, "response"),
        ("token_response(status = 201)", 201, JSON, r#"{"error":"invalid_grant"}"#, "provider invalid_grant"),
    ]);
}

#[test]
fn ends() {
    for (declared, value, expected) in [
        ("expires_unit = seconds", "60", "t; ends 60"),
        ("expires_unit = milliseconds", "60000", "t; ends 60"),
        ("expires_unit = milliseconds", "60000.5", "token_response"),
        ("expires_unit = minutes", "\"2\"", "t; ends 120"),
        ("expires_unit = minutes", "9223372036854775807", "t; ends 315360000"),
        ("expires_unit = unix_time", "UNIX", "t; ends 3600"),
        ("expires_unit = unix_time", "0", "t; ends 0"),
        ("expires_unit = unix_time", "-5", "token_response"),
        ("expires_unit = unix_time", "18446744073709551615", "t; ends 315360000"),
        ("expires_unit = unix_time", "\"DATE\"", "token_response"),
        ("expires_unit = unix_time_milliseconds", "MILLIS", "t; ends 3600"),
        ("expires_unit = date_time", "\"DATE\"", "t; ends 3600"),
        ("expires_unit = date_time", "\"9999-12-31T23:59:59Z\"", "t; ends 315360000"),
        ("expires_unit = date_time", "\"2001-12-31T23:59:59+01:00\"", "t; ends 0"),
        ("expires_unit = date_time", "\"1901-12-31T23:59:59Z\"", "token_response"),
        ("expires_unit = date_time", "60", "token_response"),
        ("expires_unit = date_time, zero_is_never", "0", "t"),
        ("zero_is_never", "0", "t"),
        ("zero_is_never", "\"-1\"", "t"),
        ("zero_is_never", "-9223372036854775808", "t"),
        ("zero_is_never", "60", "t; ends 60"),
        ("zero_is_never", "0.5", "token_response"),
        ("zero_is_never, default_lifetime = 60", "0", "t"),
        ("default_lifetime = 60", "null", "t; ends 60"),
        ("default_lifetime = 60", "30", "t; ends 30"),
        ("default_lifetime = 60", "0", "t; ends 0"),
        ("default_lifetime = 60", "\"x\"", "token_response"),
    ] {
        let text = format!(r#"{{"access_token":"t","token_type":"bearer","expires_in":{value}}}"#);
        table(&[(&format!("token_response({declared})"), 200, JSON, &text, expected)]);
    }
    let text = r#"{"access_token":"t","token_type":"bearer"}"#;
    table(&[("token_response(default_lifetime = 60)", 200, JSON, text, "t; ends 60"), ("", 200, JSON, text, "t")]);
}

#[test]
fn the_end_of_the_refresh_token() {
    let declared = r#"token_response(refresh_expires = "x_in", expires_unit = milliseconds)"#;
    let with = r#"{"access_token":"t","token_type":"bearer","refresh_token":"r","x_in":60000}"#;
    let without = r#"{"access_token":"t","token_type":"bearer","x_in":60000}"#;
    table(&[
        (declared, 200, JSON, with, "t; refresh r; refresh ends 60"),
        (declared, 200, JSON, without, "t"),
        ("", 200, JSON, with, "t; refresh r; x_in=60000"),
    ]);
    let old = answer(declared, 200, JSON, with).unwrap();
    let rotated = r#"{"access_token":"u","token_type":"bearer","refresh_token":"s"}"#;
    for (new, expected) in [
        (r#"{"access_token":"u","token_type":"bearer"}"#, "u; refresh r; refresh ends 60"),
        (r#"{"access_token":"u","token_type":"bearer","x_in":90000}"#, "u; refresh r; refresh ends 90"),
        (rotated, "u; refresh s"),
    ] {
        assert_eq!(show(&old.refreshed_by(answer(declared, 200, JSON, new).unwrap())), expected);
    }
}

#[test]
fn errors_are_where_the_declaration_says() {
    let ok = r#"token_response(error(path = "/ok", ok = "true"))"#;
    let meta = r#"token_response(path = "/response", error(path = "/meta/http_code", ok = "200", code = "/meta/error_type", description = "/meta/error_detail"))"#;
    let code = r#"token_response(path = "data", error(path = "code", description = "msg"))"#;
    let fitbit = r#"token_response(error(code = "/errors/0/errorType", description = "/errors/0/message"))"#;
    table(&[
        (ok, 200, JSON, r#"{"ok":true,"access_token":"t","token_type":"bearer"}"#, "t; ok=true"),
        (ok, 200, JSON, r#"{"ok":"true","access_token":"t","token_type":"bearer"}"#, r#"t; ok="true""#),
        (ok, 200, JSON, r#"{"ok":false,"error":"invalid_code","access_token":"t"}"#, "provider invalid_code"),
        (ok, 200, JSON, r#"{"access_token":"t","token_type":"bearer"}"#, "provider unknown_error"),
        (ok, 200, JSON, r#"{"ok":null,"access_token":"t","token_type":"bearer"}"#, "provider unknown_error"),
        (ok, 200, JSON, r#"{"ok":false,"error":"access_denied"}"#, "access_denied access_denied"),
        (meta, 200, JSON, r#"{"meta":{"http_code":200},"response":{"access_token":"t","token_type":"bearer"}}"#, "t"),
        (
            meta,
            200,
            JSON,
            r#"{"meta":{"http_code":500,"error_type":"invalid_auth","error_detail":"No\u001b[31m"}}"#,
            "provider invalid_auth (No [31m)",
        ),
        (code, 200, JSON, r#"{"code":0,"msg":"ok","data":{"access_token":"t","token_type":"bearer"}}"#, "t"),
        (code, 200, JSON, r#"{"code":"0","data":{"access_token":"t","token_type":"bearer"}}"#, "t"),
        (code, 200, JSON, r#"{"data":{"access_token":"t","token_type":"bearer"}}"#, "t"),
        (code, 200, JSON, r#"{"code":20,"msg":"s3cret-code?","data":null}"#, "provider 20 (***?)"),
        // In the object at `path` first.
        (code, 200, JSON, r#"{"code":0,"data":{"code":7,"msg":"inner"}}"#, "provider 7 (inner)"),
        (
            fitbit,
            401,
            JSON,
            r#"{"errors":[{"errorType":"invalid_grant","message":"Old"}],"success":false}"#,
            "provider invalid_grant (Old)",
        ),
        // Another place for the code does not hide the standard one.
        (fitbit, 200, JSON, r#"{"error":"x","access_token":"t","token_type":"bearer"}"#, "provider x"),
        // The status stands over what the body says.
        (ok, 400, JSON, r#"{"ok":true,"error":"invalid_grant"}"#, "provider invalid_grant"),
        (ok, 400, JSON, r#"{"ok":true,"access_token":"t","token_type":"bearer"}"#, "response"),
        ("", 200, JSON, r#"{"data":1,"error":null,"access_token":"t","token_type":"bearer"}"#, "t; data=1"),
    ]);
}
