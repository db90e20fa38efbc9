//! The graph that a command works on: behind a running server, or in a folder that no server uses.
//!
//! Both are asked in the same words, those of the HTTP interface; for a folder the very same router answers inside
//! this process. So every command has one code path, and both ways accept, refuse and count alike.

mod answer;
mod ask;
pub(crate) mod batch;
mod folder;
mod pages;
mod problem;
mod server;
mod sink;

pub(crate) use answer::Answer;
pub(crate) use ask::{Ask, LOCAL, path};
pub(crate) use folder::Folder;
pub(crate) use pages::Pages;
pub(crate) use sink::ServerSink;

use std::path::Path;

use dinh_model::Tenant;

use crate::cli::TargetArgs;
use crate::config::Loaded;
use crate::said::{OrSay as _, Words, place};
use server::Server;

/// A graph to work on, in one tenant.
pub(crate) struct Target {
    tenant: Tenant,
    reach: Reach,
}

enum Reach {
    Server(Server),
    Folder(Box<Folder>),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The server cannot be reached or broke off; trying again may help.
    #[error("{}", .0.en)]
    Away(Words),
    /// The answer is larger than any that is expected.
    #[error("the server's answer is larger than {0} bytes")]
    TooLarge(usize),
}

impl Target {
    /// Reaches the graph that the flags name, or else the data folder of the configuration.
    pub(crate) async fn open(args: &TargetArgs, loaded: &Loaded) -> anyhow::Result<Self> {
        let tenant = Tenant::parse(&args.tenant)?;
        let key_file = args.key_file.as_ref().or(loaded.config.access.write_key_file.as_ref());
        let reach = match &args.url {
            Some(url) => Reach::Server(Server::at(url, key_file.map(|file| read_key(file)).transpose()?)?),
            None => Reach::Folder(Box::new(Folder::open(&loaded.config).await?)),
        };
        Ok(Self { tenant, reach })
    }

    /// The tenant.
    pub(crate) fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The folder, unless a server stands before it.
    pub(crate) fn folder(&self) -> Option<&Folder> {
        match &self.reach {
            Reach::Server(_) => None,
            Reach::Folder(folder) => Some(folder),
        }
    }

    /// Where the graph is, for people and as part of names.
    pub(crate) fn place(&self) -> String {
        match &self.reach {
            Reach::Server(server) => server.url().to_owned(),
            Reach::Folder(folder) => folder.data().display().to_string(),
        }
    }

    /// Asks in this tenant.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Answer, Trouble> {
        match &self.reach {
            Reach::Server(server) => server.send(ask, &self.tenant).await,
            Reach::Folder(folder) => folder.send(ask, &self.tenant).await,
        }
    }

    /// Asks for a JSON document; an error tells what the server said.
    pub(crate) async fn json(&self, path: &str) -> anyhow::Result<serde_json::Value> {
        self.send(&Ask::get(path)).await?.success()?.json()
    }

    /// Says goodbye: what a folder has queued is written.
    pub(crate) async fn close(&self) -> anyhow::Result<()> {
        match &self.reach {
            Reach::Server(_) => Ok(()),
            Reach::Folder(folder) => folder.close().await,
        }
    }
}

fn read_key(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .or_say(|| place("không đọc được khoá ghi trong", "cannot read the write key in", file))?;
    Ok(text.trim().to_owned())
}
