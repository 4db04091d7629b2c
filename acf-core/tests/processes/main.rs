//! Processes that share a store, are killed and are stopped, against a server that ends a login when a refresh token comes
//! twice.
//!
//! This binary is both: the tests, and the processes that they start. `ACF_POSTGRES` and `ACF_REDIS` are the URLs of servers,
//! and `ACF_SEED` brings back what happened at random.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "what is random is said")]

mod at_once;
mod authority;
mod backend;
mod chaos;
mod child;
mod clocks;
mod killed;
mod lost;
mod random;
mod shelf;
mod steps;
mod stopped;
mod world;

use std::time::Duration;

use self::{
    at_once::*, backend::Backend, chaos::*, clocks::*, killed::*, lost::*, steps::Step, stopped::*, world::World,
};

/// The tests on each store, which they share. Those that wait for leases to end wait together, or this would take minutes.
macro_rules! on {
    ($($([$(#[$if:meta])? $backend:ident, $needs:literal])+ => $tests:tt)*) => {$($(
        $(#[$if])?
        mod $backend {
            on! { mod $backend, $needs $tests }
        }
    )+)*};
    (mod $backend:ident, $needs:literal { $($test:ident)* $(; together as $all:ident { $($waits:ident)* })? }) => {
        $(
            #[test]
            #[ignore = $needs]
            fn $test() {
                super::$test(super::Backend::$backend());
            }
        )*
        $(
            #[test]
            #[ignore = $needs]
            fn $all() {
                std::thread::scope(|scope| {$(
                    // What fails says its name.
                    let named = std::thread::Builder::new().name(stringify!($waits).to_owned());
                    named.spawn_scoped(scope, || super::$waits(super::Backend::$backend())).unwrap();
                )*});
            }
        )?
    };
}

on! {
    [#[cfg(feature = "postgres")] postgres, "needs PostgreSQL and libfaketime"]
    [#[cfg(feature = "redis")] redis, "needs Redis and libfaketime"] => {
        a_refresh_token_that_stays_serves_all
        a_token_belongs_to_whom_it_was_asked_for
        clocks_that_differ_neither_hurry_a_refresh_nor_put_it_off
        eight_processes_write_all_the_time_and_none_is_refused
        of_five_hundred_calls_with_a_refused_token_one_refreshes
        of_many_processes_one_refreshes_and_every_call_succeeds
        of_sixteen_processes_one_finishes_a_login
        of_ten_thousand_callers_one_refreshes_what_is_over
        ; together as whatever_befalls_a_process_or_an_answer_is_survived {
            an_answer_that_is_lost_is_asked_for_once_more_at_most
            whatever_happens_nothing_is_sent_too_often_and_nothing_is_lost_for_good
            whoever_is_killed_costs_one_more_request_at_most
            whoever_was_stopped_overwrites_nothing
        }
    }
    [served, "needs libfaketime"] => {
        clocks_that_differ_neither_hurry_a_refresh_nor_put_it_off
    }
    [sqlite, "needs a minute"] => {
        a_refresh_token_that_stays_serves_all
        a_token_belongs_to_whom_it_was_asked_for
        eight_processes_write_all_the_time_and_none_is_refused
        of_five_hundred_calls_with_a_refused_token_one_refreshes
        of_many_processes_one_refreshes_and_every_call_succeeds
        of_sixteen_processes_one_finishes_a_login
        of_ten_thousand_callers_one_refreshes_what_is_over
        what_cannot_be_saved_is_used_by_one_and_by_all_when_it_is_saved
        ; together as whatever_befalls_a_process_or_an_answer_is_survived {
            an_answer_that_is_lost_is_asked_for_once_more_at_most
            whatever_happens_nothing_is_sent_too_often_and_nothing_is_lost_for_good
            whoever_is_killed_costs_one_more_request_at_most
            whoever_was_stopped_overwrites_nothing
        }
    }
}

/// What takes no longer than a moment of the above.
#[test]
fn two_processes_refresh_in_turn_and_one_that_is_killed_does_not_matter() {
    let world = World::new(Backend::sqlite());
    calls_at_once(&world, 2, 5, None);
    killed_at(&world, &world.processes(1, Duration::from_secs(10))[0], (Step::Claim, 0), false);
}
