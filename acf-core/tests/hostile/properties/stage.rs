//! The providers of the properties, and a flow of each over each store.

use acf_core::Flow;

use crate::world::{ISSUER, World};

/// A provider as it is declared. The second is the first after its token endpoint was moved.
pub struct Definition {
    pub name: &'static str,
    base_uri: &'static str,
    pub token_endpoint: &'static str,
    pub issuer: &'static str,
    pub secret: &'static str,
}

pub const DEFINITIONS: [Definition; 3] = [
    Definition {
        name: "forge",
        base_uri: "https://forge.example",
        token_endpoint: "https://forge.example/token",
        issuer: ISSUER,
        secret: "cl1ent-s3cret",
    },
    Definition {
        name: "forge",
        base_uri: "https://moved.example",
        token_endpoint: "https://moved.example/token",
        issuer: ISSUER,
        secret: "cl1ent-s3cret",
    },
    Definition {
        name: "other",
        base_uri: "https://other.example",
        token_endpoint: "https://other.example/token",
        issuer: "https://other.example",
        secret: "0ther-s3cret",
    },
];

/// One store, and each definition over two handles of it.
pub struct Stage {
    pub world: World,
    pub flows: Vec<[Flow; 2]>,
}

impl Stage {
    pub async fn all() -> Vec<Self> {
        let mut stages = Vec::new();
        for world in World::all().await {
            let mut flows = Vec::new();
            for definition in &DEFINITIONS {
                world.endpoint.also_at(definition.token_endpoint);
                let mut provider = World::provider(definition.name)
                    .base_uri(definition.base_uri)
                    .issuer(definition.issuer)
                    .client_secret(definition.secret.parse().unwrap());
                if definition.name == "other" {
                    provider = provider.set("callback.form_post", "");
                }
                let handle = world.handle().await;
                flows.push([world.flow_of(provider.clone(), world.store.clone()), world.flow_of(provider, handle)]);
            }
            stages.push(Self { world, flows });
        }
        stages
    }
}
