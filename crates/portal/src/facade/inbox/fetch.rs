//! Files that a message names by their addresses: fetched from hosts on the allow-list alone, within bounds, looked at as
//! everything that somebody uploads, and kept as files of the case.

use std::collections::BTreeMap;

use dinh_cases::{Held, HeldAs, Kind};
use dinh_context::outbound;
use dinh_context::{NewFile, Session};
use dinh_model::EntityId;
use dinh_uploads::{Checked, Limits};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use super::arrival::Arrival;
use super::become_case::Stuck;
use crate::Error;
use crate::facade::Portal;
use crate::message::{Attachment, DossierMessage};

/// Largest file, in bytes.
const MOST: usize = 10 << 20;
/// Most files of one dossier.
const FILES: usize = 50;
/// Longest name of a file, in characters.
const NAME: usize = 200;

impl Portal {
    /// The documents of a case that arrives, fetched and kept. A file that cannot be taken holds the arrival, unless
    /// somebody has decided to take it without; what serves for no part is a remark, and its address stays in the message.
    pub(super) async fn parts(
        &self,
        own: &Session,
        arrival: &mut Arrival,
        message: &DossierMessage,
        (kind, case): (&Kind, &EntityId),
    ) -> Result<Result<BTreeMap<String, Held>, Stuck>, Error> {
        let mut parts: BTreeMap<String, Held> = BTreeMap::new();
        let there = |one: &&Attachment| !is_true(&one.deleted) && !one.url.is_empty();
        for attachment in message.attachments.iter().filter(there) {
            let taken: usize = parts.values().map(|held| held.files.len()).sum();
            let Some(part) = part_of(kind, attachment) else {
                arrival
                    .remarks
                    .push(format!("TaiLieuNop: {:?} is no part of this procedure", attachment.name));
                continue;
            };
            let of_part = parts.get(&part.code).map_or(0, |held| held.files.len());
            if taken >= FILES || of_part >= usize::from(part.files) {
                arrival
                    .remarks
                    .push(format!("TaiLieuNop: {:?} is more than the part may have", attachment.name));
                continue;
            }
            match self.fetched(own, arrival, attachment, case).await? {
                Ok(file) => {
                    let held = parts.entry(part.code.clone()).or_insert_with(|| Held {
                        held_as: HeldAs::Electronic,
                        files: Vec::new(),
                        reused: None,
                    });
                    held.files.push(file);
                }
                Err(Stuck::Held(why)) if arrival.lenient => arrival.remarks.push(why),
                Err(stuck) => return Ok(Err(stuck)),
            }
        }
        Ok(Ok(parts))
    }

    /// One file, by its URI. What was fetched before is not fetched again.
    async fn fetched(
        &self,
        own: &Session,
        arrival: &mut Arrival,
        attachment: &Attachment,
        case: &EntityId,
    ) -> Result<Result<String, Stuck>, Error> {
        if let Some(file) = arrival.fetched.get(&attachment.url) {
            return Ok(Ok(file.clone()));
        }
        let (content, media_type) = match self.download(&attachment.url).await {
            Ok(got) => got,
            Err(stuck) => return Ok(Err(stuck)),
        };
        let name = file_name(attachment);
        let limits = Limits { bytes: MOST, ..Limits::default() };
        let look = move || Checked::new(content, &media_type, &name, &limits);
        let looked = tokio::task::spawn_blocking(look).await;
        let Ok(looked) = looked else {
            return Ok(Err(Stuck::Later("TaiLieuNop: the file could not be looked at".to_owned())));
        };
        let refused = |why: dinh_uploads::Refused| {
            Stuck::Held(format!("TaiLieuNop: {:?}: {}", attachment.name, why.words().vi))
        };
        let checked = match looked {
            Ok(checked) => checked,
            Err(why) => return Ok(Err(refused(why))),
        };
        if let Some(scanner) = self.0.scanner.get()
            && let Err(why) = scanner.scan(&checked).await
        {
            return Ok(Err(refused(why)));
        }
        let file = NewFile {
            name: checked.name().to_owned(),
            media_type: checked.kind().media_type().to_owned(),
            owner: arrival.owner.clone(),
            unit: arrival.unit.clone(),
            about: Some(case.clone()),
        };
        let id = own.clone().vouched().put_file(file, checked.into_bytes()).await?.to_string();
        arrival.fetched.insert(attachment.url.clone(), id.clone());
        // What was fetched is remembered at once: after a crash it is not fetched again.
        own.clone().vouched().apply(arrival.change(self.names(), self.now())).await?;
        arrival.version += 1;
        Ok(Ok(id))
    }

    async fn download(&self, url: &str) -> Result<(Vec<u8>, String), Stuck> {
        let way = self.0.context.outbound();
        let request = match way.request(Method::GET, url) {
            Ok(request) => request,
            Err(error) => return Err(Stuck::Held(format!("DuongDanTaiTepTin: {error}"))),
        };
        match way.send(request, MOST).await {
            Ok(answer) if answer.status == 200 => {
                let declared = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
                let declared = declared.and_then(|text| text.split(';').next()).unwrap_or_default();
                Ok((answer.body, declared.trim().to_ascii_lowercase()))
            }
            Ok(answer) if answer.status >= 500 || answer.status == 429 => {
                Err(Stuck::Later(format!("DuongDanTaiTepTin: answered with status {}", answer.status)))
            }
            Ok(answer) => {
                Err(Stuck::Held(format!("DuongDanTaiTepTin: answered with status {}", answer.status)))
            }
            Err(error @ outbound::Error::TooLarge(_)) => {
                Err(Stuck::Held(format!("DuongDanTaiTepTin: {error}")))
            }
            Err(error) => Err(Stuck::Later(format!("DuongDanTaiTepTin: {error}"))),
        }
    }
}

/// The part of a kind that an attachment is: by its code, or by its title.
fn part_of<'k>(kind: &'k Kind, attachment: &Attachment) -> Option<&'k dinh_cases::Part> {
    let title = dinh_model::fold::fold(attachment.name.trim());
    let by_title = |part: &&dinh_cases::Part| dinh_model::fold::fold(&part.title.vi) == title;
    kind.part(&attachment.part).or_else(|| kind.parts.iter().find(by_title))
}

fn is_true(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "1")
}

/// What a file is called: the last part of its address if that has an ending, else what the message calls it.
fn file_name(attachment: &Attachment) -> String {
    let path = attachment.url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = if last.contains('.') { last } else { attachment.name.as_str() };
    name.chars().filter(|sign| !sign.is_control() && !matches!(sign, '/' | '\\')).take(NAME).collect()
}
