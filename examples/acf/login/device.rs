//! `acf login --device`: the browser is on another device (RFC 8628).

use std::{
    io::IsTerminal,
    time::{Duration, SystemTime},
};

use acf_core::{DeviceLogin, DevicePoll, ErrorKind, Token};
use console::{Term, style};
use qrcode::{Color, QrCode};

use super::kept;
use crate::{
    args::Login,
    client::{NOWHERE, Options, Purpose},
    failed::{Exit, Failed},
    terminal::{Progress, say, waiting},
};

pub(super) async fn login(args: &Login) -> Result<Token, Failed> {
    let options = Options::read(&args.provider, Some(&args.ask), Purpose::Device);
    let client = options.client(NOWHERE, kept(args, &options).await?).await?;
    let mut request = client.flow.device();
    if let Some(scopes) = &options.scopes {
        request = request.scope(scopes.clone());
    }
    for (name, value) in &options.params {
        request = request.param(*name, *value);
    }
    let mut login = waiting("asking for a code", request.into_future()).await?;
    if args.save {
        login = login.save_for(client.user);
    }
    show(&login, args.no_qr);
    let seconds = Duration::from_secs(args.timeout.unwrap_or(u64::MAX));
    let ended = tokio::time::timeout(seconds, confirmed(login)).await;
    ended.unwrap_or_else(|_| Err(timed_out()))
}

fn timed_out() -> Failed {
    Failed::new(Exit::TimedOut, "timed out: nobody confirmed the code in time")
}

/// Where to go, and what to type in there. The two lines are the same for people and for programs.
fn show(login: &DeviceLogin, no_qr: bool) {
    let terminal = std::io::stderr().is_terminal();
    let picture = login.verification_uri_complete().unwrap_or(login.verification_uri());
    let picture = if terminal && !no_qr { qr(picture, Term::stderr().size().1) } else { None };
    say(format_args!("open {}", login.verification_uri()));
    if terminal {
        say(format_args!("\n    code  {}\n", style(format!(" {} ", login.user_code())).for_stderr().bold().reverse()));
        say("Confirm only if the page shows this very code.");
    } else {
        say(format_args!("code {}", login.user_code()));
    }
    if let Some(picture) = picture {
        say(format_args!("\n{picture}"));
    }
}

/// Asks until somebody has confirmed, as often as the provider allows, and shows how much time is left.
async fn confirmed(mut login: DeviceLogin) -> Result<Token, Failed> {
    let end = login.expires_at();
    let progress = Progress::start(left(end));
    loop {
        let mut wait = match login.poll().await {
            Ok(DevicePoll::Done(token)) => return Ok(token),
            Ok(DevicePoll::Pending(wait)) => wait,
            Err(error) if error.kind() == ErrorKind::StateExpired => return Err(timed_out()),
            Err(error) => return Err(error.into()),
        };
        while !wait.is_zero() {
            let second = wait.min(Duration::from_secs(1));
            tokio::time::sleep(second).await;
            wait = wait.saturating_sub(second);
            progress.0.set_message(left(end));
        }
    }
}

fn left(end: SystemTime) -> String {
    let seconds = end.duration_since(SystemTime::now()).unwrap_or_default().as_secs();
    format!("waiting for you on another device, {}:{:02} left", seconds / 60, seconds % 60)
}

/// The blank margin that a camera needs (ISO/IEC 18004).
const MARGIN: usize = 4;

/// A picture of the text, if the terminal is wide enough: two rows of modules in a line of half blocks, black on white
/// whatever the terminal's colours are.
fn qr(text: &str, columns: u16) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    if width + 2 * MARGIN > usize::from(columns) {
        return None;
    }
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(MARGIN).filter(|at| *at < width);
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let all = width + 2 * MARGIN;
    let mut picture = String::new();
    for y in (0..all).step_by(2) {
        picture.push_str("\u{1b}[38;5;16;48;5;231m");
        picture.extend((0..all).map(|x| match (dark(x, y), dark(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        }));
        picture.push_str("\u{1b}[0m\n");
    }
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_square_and_fits() {
        let picture = qr("https://id.example/device?user_code=WDJB-MJHT", 80).unwrap();
        let line = |line: &str| line.chars().filter(|c| " █▀▄".contains(*c)).count();
        let widths: Vec<_> = picture.lines().map(line).collect();
        assert!(widths.iter().all(|width| *width == widths[0]) && widths[0].div_ceil(2) == widths.len(), "{picture}");
        assert!(qr("https://id.example/device?user_code=WDJB-MJHT", widths[0] as u16 - 1).is_none());
        // The corner of a finder pattern, behind the margin: a row of seven above one of a single module.
        let third = picture.lines().nth(MARGIN / 2).unwrap();
        assert!(third.contains("m    █▀▀▀▀▀█ "), "{picture}");
    }

    #[test]
    fn the_time_that_is_left() {
        let end = SystemTime::now() + Duration::from_secs(125);
        assert!(left(end).ends_with("2:04 left") || left(end).ends_with("2:05 left"), "{}", left(end));
        assert!(left(SystemTime::UNIX_EPOCH).ends_with("0:00 left"));
    }
}
