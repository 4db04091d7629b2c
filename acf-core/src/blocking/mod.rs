//! The same flow without async: `wait` in the place of `.await`, and an HTTP client that needs no runtime.
//!
//! There is no second API. Whatever can be awaited can be waited for, by [`Wait`], on the thread that calls it:
//!
//! ```no_run
//! use acf_core::{Flow, blocking::{UreqClient, Wait}};
//!
//! # fn example(provider: acf_core::Custom, query_string: &str) -> Result<(), acf_core::Error> {
//! // With the feature `blocking` and without `reqwest` a flow has this client by itself.
//! let flow = Flow::builder(provider).http_client(UreqClient::new()?).build()?;
//!
//! let request = flow.begin("user-42").scope("read").wait()?;
//! // Send the browser to `request.url`; then, in the handler of the redirect URI:
//! let token = flow.finish("user-42", query_string).wait()?;
//!
//! let session = flow.session("user-42").wait()?;
//! let answer = session.get("https://api.example.com/me").send().wait()?;
//! # let _ = (request, token, answer);
//! # Ok(())
//! # }
//! ```

mod client;
mod connect;

use std::future::IntoFuture;

pub use self::client::UreqClient;
use crate::executor;

/// Waits for what could be awaited. Implemented for everything that can be.
///
/// It blocks the thread, so it has no place inside of async code; and what it waits for must not need a runtime:
/// [`UreqClient`] does not, nor do the stores of this crate. [`ReqwestClient`](crate::http::ReqwestClient) needs one, and
/// is an error without it.
pub trait Wait: IntoFuture + Sized {
    /// Drives it on this thread until it is done.
    ///
    /// ```no_run
    /// use acf_core::blocking::Wait;
    ///
    /// # fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// let request = flow.begin("user-42").wait()?;
    /// println!("open {}", request.url);
    /// # Ok(())
    /// # }
    /// ```
    fn wait(self) -> Self::Output {
        executor::block_on(self.into_future())
    }
}

impl<F: IntoFuture> Wait for F {}

#[cfg(test)]
mod tests {
    use std::{future, sync::mpsc, task::Poll, thread};

    use super::*;

    /// Wakes from another thread, once while the future itself blocks and uses up the call, and once after it was parked.
    #[test]
    fn no_call_to_wake_is_lost() {
        for blocks in [true, false] {
            let mut polls = 0;
            let output = future::poll_fn(|context| {
                polls += 1;
                if polls == 2 {
                    return Poll::Ready("done");
                }
                let (waker, (woken, wait)) = (context.waker().clone(), mpsc::channel());
                thread::spawn(move || {
                    waker.wake();
                    woken.send(()).unwrap();
                });
                if blocks {
                    wait.recv().unwrap();
                    // Takes the token that `unpark` left, if `recv` did not.
                    thread::park_timeout(std::time::Duration::ZERO);
                }
                Poll::Pending
            });
            assert_eq!((output.wait(), polls), ("done", 2));
        }
    }

    /// The feature alone is enough: nothing else brings a client.
    #[cfg(not(feature = "reqwest"))]
    #[test]
    fn a_flow_has_this_client_by_itself() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let provider = crate::Custom::builder("forge").base_uri(format!("http://{closed}"));
        let provider = provider.authorization_path("/authorize").access_token_path("/token");
        let provider = provider.client_id("id").client_auth(crate::ClientAuth::None);
        let provider = provider.redirect_uri("https://app.example/callback").build().unwrap();
        let flow = crate::Flow::new(provider).unwrap();
        let state = flow.begin("u").wait().unwrap().state;
        let error = flow.finish("u", &format!("code=c&state={}", state.as_str())).wait().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::NotSent, "{error:?}");
    }
}
