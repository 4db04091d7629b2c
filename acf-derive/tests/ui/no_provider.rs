use acf_core::{ClientId, Flow, RedirectUri};

struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn flow(forge: Forge) {
    let _ = Flow::builder(forge);
}

fn main() {}
