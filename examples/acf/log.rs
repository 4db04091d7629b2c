//! What the library tells of itself, on standard error: a line for each event, with the names of its documentation.

use std::{fmt, str::FromStr};

use tracing::{Event, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// How much is told.
#[derive(Clone, Copy)]
pub(crate) struct Log(LevelFilter);

impl FromStr for Log {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| "it has to be off, error, warn, info or debug".to_owned())
    }
}

impl Log {
    /// Begins to tell.
    pub(crate) fn start(self) {
        let lines = tracing_subscriber::fmt::layer().event_format(Lines).with_writer(std::io::stderr);
        let told = Targets::new().with_target("acf", self.0);
        // Somebody else listens already: then it is told to them.
        drop(tracing_subscriber::registry().with(lines.with_filter(told)).try_init());
    }
}

/// `info refresh{provider="demo" grant=1c9f3a02} refresh.saved rotated=true expires_in=120`.
struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let level = event.metadata().level().as_str().to_lowercase();
        write!(to, "{level:<5} ")?;
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            let extensions = span.extensions();
            let fields = extensions.get::<tracing_subscriber::fmt::FormattedFields<N>>();
            write!(to, "{}{{{}}} ", span.name(), fields.map(|fields| fields.fields.as_str()).unwrap_or_default())?;
        }
        write!(to, "{} ", event.metadata().name())?;
        context.format_fields(to.by_ref(), event)?;
        writeln!(to)
    }
}
