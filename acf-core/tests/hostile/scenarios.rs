//! The lines of callbacks that take more than one of them.

use std::{future::Future, pin::Pin, sync::Arc};

use acf_core::ErrorKind::{
    AccessDenied, BindingMismatch, Callback, Provider, ProviderMismatch, StateExpired, StateUnknown, Store,
};
use tokio::sync::Barrier;

use crate::world::{Health, World, kind, shown};

pub type Scenario = for<'a> fn(&'a World) -> Pin<Box<dyn Future<Output = ()> + 'a>>;
type Run<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// H-26: longer than 512 bytes, and nobody looks for it.
pub fn too_long_a_state(world: &World) -> Run<'_> {
    Box::pin(async {
        let flow = world.flow();
        let (takes, calls) = (world.store.takes(), world.endpoint.calls());
        for (length, expected, looks) in [(512, StateUnknown, 1), (513, Callback, 1), (10_000, Callback, 1)] {
            let callback = format!("code=c&state={}", "x".repeat(length));
            assert_eq!(kind(flow.finish("u", &callback).await), expected, "{length}");
            assert_eq!(world.store.takes() - takes, looks, "{length}");
        }
        assert_eq!(world.endpoint.calls(), calls);
    })
}

/// H-27: one token request in total.
pub fn replay_after_success(world: &World) -> Run<'_> {
    Box::pin(async {
        let (flow, user, calls) = (world.flow(), world.user(), world.endpoint.calls());
        let callback = format!("code=c&state={}", flow.begin(&user).await.unwrap().state.as_str());
        flow.finish(&user, &callback).await.unwrap();
        for _ in 0..3 {
            assert_eq!(kind(flow.finish(&user, &callback).await), StateUnknown);
            assert_eq!(kind(flow.finish("somebody else", &callback).await), StateUnknown);
        }
        assert_eq!(world.endpoint.calls() - calls, 1);
        assert!(world.has_token(&user).await, "the first one's token stays");
    })
}

/// H-28: after the provider said no, and after its token endpoint did.
pub fn replay_after_an_error(world: &World) -> Run<'_> {
    Box::pin(async {
        let (flow, user, calls) = (world.flow(), world.user(), world.endpoint.calls());
        let state = flow.begin(&user).await.unwrap().state;
        let denied = format!("error=access_denied&state={}", state.as_str());
        assert_eq!(kind(flow.finish(&user, &denied).await), AccessDenied);
        let callback = format!("code=c&state={}", state.as_str());
        assert_eq!(kind(flow.finish(&user, &callback).await), StateUnknown);
        assert_eq!(world.endpoint.calls(), calls);

        world.endpoint.answers(400, "application/json", br#"{"error":"invalid_grant"}"#);
        let callback = format!("code=c&state={}", flow.begin(&user).await.unwrap().state.as_str());
        assert_eq!(kind(flow.finish(&user, &callback).await), Provider);
        world.endpoint.answers(200, "application/json", crate::world::TOKEN.as_bytes());
        assert_eq!(kind(flow.finish(&user, &callback).await), StateUnknown);
        assert_eq!(world.endpoint.calls() - calls, 1);
        assert!(!world.has_token(&user).await);
    })
}

/// H-30: refused and kept.
pub fn another_provider(world: &World) -> Run<'_> {
    Box::pin(async {
        let (forge, user, calls) = (world.flow(), world.user(), world.endpoint.calls());
        let other = world.flow_of(World::provider("other"), world.store.clone());
        let callback = format!("code=c&state={}", forge.begin(&user).await.unwrap().state.as_str());
        assert_eq!(kind(other.finish(&user, &callback).await), ProviderMismatch);
        assert_eq!(world.endpoint.calls(), calls);
        assert!(!world.has_token(&user).await);
        forge.finish(&user, &callback).await.unwrap();
    })
}

/// H-31: over at the deadline and a second after it, open a minute before.
pub fn expired(world: &World) -> Run<'_> {
    Box::pin(async {
        let flow = world.flow();
        for (age, open) in [(600, false), (601, false), (86_400, false), (540, true)] {
            let (user, calls) = (world.user(), world.endpoint.calls());
            world.store.set_clock(Some(0));
            let state = flow.begin(&user).await.unwrap().state;
            world.store.set_clock(Some(age));
            let callback = format!("code=c&state={}", state.as_str());
            let result = flow.finish(&user, &callback).await;
            assert_eq!((world.has_token(&user).await, world.endpoint.calls() - calls), (open, usize::from(open)));
            match open {
                true => drop(result.unwrap()),
                false => assert_eq!(kind(result), StateExpired, "{age}"),
            }
            world.store.set_clock(None);
            assert_eq!(kind(flow.finish(&user, &callback).await), StateUnknown);
        }
    })
}

/// H-40: sixty-four at once over four handles of one store.
pub fn at_once(world: &World) -> Run<'_> {
    Box::pin(async {
        let (user, calls) = (world.user(), world.endpoint.calls());
        let state = world.flow().begin(&user).await.unwrap().state;
        let callback: Arc<str> = format!("code=c&state={}", state.as_str()).into();
        let barrier = Arc::new(Barrier::new(64));
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let flow = world.flow_of(World::provider("forge"), world.handle().await);
            for _ in 0..16 {
                let (flow, user, callback) = (flow.clone(), user.clone(), Arc::clone(&callback));
                let barrier = Arc::clone(&barrier);
                tasks.push(tokio::spawn(async move {
                    barrier.wait().await;
                    flow.finish(&user, &callback).await
                }));
            }
        }
        let mut succeeded = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => succeeded += 1,
                Err(error) => assert_eq!(error.kind(), StateUnknown),
            }
        }
        assert_eq!((succeeded, world.endpoint.calls() - calls), (1, 1), "{}", world.name);
    })
}

/// H-41: nothing is sent, and the login is there when the store is back.
pub fn store_down(world: &World) -> Run<'_> {
    Box::pin(async {
        let (flow, user, calls) = (world.flow(), world.user(), world.endpoint.calls());
        let callback = format!("code=c&state={}", flow.begin(&user).await.unwrap().state.as_str());
        world.store.set_states(Health::Down);
        assert_eq!(kind(flow.finish(&user, &callback).await), Store);
        assert_eq!(world.endpoint.calls(), calls);
        world.store.set_states(Health::Up);
        flow.finish(&user, &callback).await.unwrap();
    })
}

/// H-42: Back, and the spent code once more: also beside a new login, which it does not disturb.
pub fn back_button(world: &World) -> Run<'_> {
    Box::pin(async {
        let (flow, user, calls) = (world.flow(), world.user(), world.endpoint.calls());
        let spent = format!("code=c&state={}", flow.begin(&user).await.unwrap().state.as_str());
        flow.finish(&user, &spent).await.unwrap();
        let new = format!("code=d&state={}", flow.begin(&user).await.unwrap().state.as_str());
        let error = flow.finish(&user, &spent).await.unwrap_err();
        assert_eq!((error.kind(), error.next()), (StateUnknown, acf_core::Next::Reauthorize));
        assert_eq!(kind(flow.finish("somebody else", &new).await), BindingMismatch);
        flow.finish(&user, &new).await.unwrap();
        assert_eq!(world.endpoint.calls() - calls, 2);
    })
}

/// H-46: opaque text, which the error's own sentence leaves out.
pub fn error_uri(world: &World) -> Run<'_> {
    Box::pin(async {
        let (flow, user, calls) = (world.flow(), world.user(), world.endpoint.calls());
        let state = flow.begin(&user).await.unwrap().state;
        let callback = format!("error=access_denied&error_uri=javascript:alert(1)%0a&state={}", state.as_str());
        let error = flow.finish(&user, &callback).await.unwrap_err();
        assert_eq!(error.kind(), AccessDenied);
        assert_eq!(error.provider().unwrap().error_uri(), Some("javascript:alert(1)"));
        assert!(!shown(&error, &[state.as_str()]).contains("javascript"));
        assert_eq!(world.endpoint.calls(), calls);
    })
}
