//! Records as the public portal shows them.

use serde_json::Value as Json;

use super::fault::Fault;
use super::text::{Fields, line};
use super::{acts, channels, documents, lists, results, steps};
use crate::{Doubt, Level, Named, Procedure, StepSet};

pub(super) fn read(record: &Json) -> Result<Procedure, Fault> {
    let fields = Fields::new(record)?;
    let code = fields.code("ma_thu_tuc")?;
    let named = |fault: Fault| fault.of(code.as_str());
    whole(&fields, code.clone()).map_err(named)
}

fn whole(fields: &Fields<'_>, code: crate::Code) -> Result<Procedure, Fault> {
    let list = |field: &str| Ok::<_, Fault>(lists::items(&fields.text(field)?.unwrap_or_default()));
    let text = |field: &str| Ok::<_, Fault>(fields.text(field)?.unwrap_or_default());
    let ways = channels::channels(&text("cach_thuc_thuc_hien")?, &fields.list("channels_parsed")?)?;
    let papers = documents::documents(&text("thanh_phan_ho_so")?);
    let (legal_basis, acts_whole) = acts::acts(&text("can_cu_phap_ly")?);
    let outcomes = results::results(&text("ket_qua_xu_ly")?);
    let bare_time = ways.ways.iter().any(|way| way.time.is_some_and(|time| !time.unit_told));
    let doubts = [
        (Doubt::Documents, !papers.whole),
        (Doubt::Forms, !papers.forms),
        (Doubt::Channels, !ways.whole),
        (Doubt::TimeUnit, bare_time),
        (Doubt::Fee, !ways.fees),
        (Doubt::Results, !outcomes.whole),
        (Doubt::LegalBasis, !acts_whole),
    ];
    let steps = steps::steps(&text("trinh_tu_thuc_hien")?);
    Ok(Procedure {
        code,
        name: fields.name("ten_thu_tuc")?,
        decision: line(&fields.must("so_quyet_dinh")?),
        levels: levels(&fields.must("cap_thuc_hien")?)?,
        kind: fields.text("loai_thu_tuc")?,
        fields: vec![Named::only(fields.name("linh_vuc")?)],
        agencies: list("co_quan_thuc_hien")?.into_iter().map(Named::only).collect(),
        authorities: list("co_quan_co_tham_quyen")?,
        delegated: list("co_quan_duoc_uy_quyen")?,
        taking_part: list("co_quan_phoi_hop")?,
        reception: fields.text("dia_chi_tiep_nhan")?,
        applicants: list("doi_tuong_thuc_hien")?,
        steps: if steps.is_empty() { Vec::new() } else { vec![StepSet { case: None, steps }] },
        channels: ways.ways,
        documents: papers.sets,
        conditions: fields.text("yeu_cau_dieu_kien")?,
        results: outcomes.list,
        legal_basis,
        related: fields.text("thu_tuc_lien_quan")?.map(|text| related(&text)).unwrap_or_default(),
        keywords: outcomes.keywords.map(|words| lists::items(&words)).unwrap_or_default(),
        description: outcomes.description,
        source: fields.text("detail_url")?.filter(|url| url.starts_with("https://")),
        doubts: doubts.into_iter().filter_map(|(doubt, holds)| holds.then_some(doubt)).collect(),
    })
}

/// `Cấp tỉnh, Cấp xã`, the nearest first.
fn levels(text: &str) -> Result<Vec<Level>, Fault> {
    let read = |part: &str| {
        Level::of_list(part).ok_or_else(|| {
            Fault::new("cap_thuc_hien", format!("{part:?} is none of Cấp bộ, Cấp tỉnh, Cấp xã, Cơ quan khác"))
        })
    };
    let mut levels = text.split(',').map(|part| read(part.trim())).collect::<Result<Vec<_>, _>>()?;
    levels.sort_unstable();
    levels.dedup();
    Ok(levels)
}

/// Names in `#Tên thủ tục1Hướng dẫn …#1Tên thủ tục…`, which tells each twice.
fn related(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split("Tên thủ tục").skip(1) {
        let part = part.split('#').next().unwrap_or_default();
        let name = line(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
