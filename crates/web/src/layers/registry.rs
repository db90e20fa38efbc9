//! The layers of every province.

use std::collections::HashMap;

use dinh_context::packs::{self, Packs};
use dinh_model::{Tenant, Term};

use super::{Layer, LayerError};

/// The layers of every province, in the order in which they are listed.
#[derive(Debug, Default)]
pub struct Layers {
    all: Vec<Layer>,
    by_tenant: HashMap<Tenant, Vec<usize>>,
}

/// Why the layers cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pack cannot be read.
    #[error(transparent)]
    Packs(#[from] packs::Error),
    /// A layer breaks a rule.
    #[error(transparent)]
    Layer(#[from] LayerError),
}

impl Layers {
    /// Reads the layers of all packs; `expand` turns short names into full ones.
    pub fn read(packs: &Packs, expand: &dyn Fn(&str) -> Term) -> Result<Self, Error> {
        let mut all: Vec<Layer> = Vec::new();
        for pack in packs.packs() {
            for file in packs.files(&pack.name, "layers", ".toml")? {
                let layer = Layer::read(&pack.name, &file, expand)?;
                if all.iter().any(|other| other.id == layer.id) {
                    let rule = format!("there is a layer {:?} in another pack", layer.id);
                    return Err(LayerError { path: file.path, rule }.into());
                }
                all.push(layer);
            }
        }
        all.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let of_province = |packs: &[String]| {
            (0..all.len()).filter(|i| all.get(*i).is_some_and(|l| packs.contains(&l.pack))).collect()
        };
        let by_tenant = packs.provinces().iter().map(|p| (p.tenant.clone(), of_province(&p.packs))).collect();
        Ok(Self { all, by_tenant })
    }

    /// The layers of one province, in order.
    pub fn of(&self, tenant: &Tenant) -> impl Iterator<Item = &Layer> {
        self.by_tenant.get(tenant).into_iter().flatten().filter_map(|i| self.all.get(*i))
    }

    /// One layer of a province.
    pub fn find(&self, tenant: &Tenant, id: &str) -> Option<&Layer> {
        self.of(tenant).find(|layer| layer.id == id)
    }
}
