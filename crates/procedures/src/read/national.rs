//! Records as the national API `LayThuTuc` answers them.

use serde_json::Value as Json;

use super::fault::Fault;
use super::lists;
use super::text::{Fields, line};
use crate::{
    Act, Channel, ChannelKind, Code, Document, DocumentSet, Doubt, Duration, Fee, Form, Level, Named,
    Outcome, Procedure, StepSet, TimeUnit,
};

pub(super) fn read(record: &Json) -> Result<Procedure, Fault> {
    let fields = Fields::new(record)?;
    let code = fields.code("MATTHC")?;
    let named = |fault: Fault| fault.of(code.as_str());
    whole(&fields, code.clone()).map_err(named)
}

fn whole(fields: &Fields<'_>, code: Code) -> Result<Procedure, Fault> {
    let agencies = named(fields, "COQUANTHUCHIEN", ("MADONVI", "TENDONVI"))?;
    let (levels, told) = levels(fields, &agencies)?;
    let mut doubts = Vec::new();
    let channels = channels(fields, &mut doubts)?;
    if !told {
        doubts.push(Doubt::Level);
    }
    let list = |field: &str| Ok::<_, Fault>(lists::items(&fields.text(field)?.unwrap_or_default()));
    Ok(Procedure {
        code,
        name: fields.name("TENTTHC")?,
        decision: line(
            &fields.first(&["SOQUYETDINH", "QUYETDINHCONGBO", "SOQUYETDINHCONGBO"])?.unwrap_or_default(),
        ),
        levels,
        kind: fields.text("LOAITTHC")?,
        fields: named(fields, "LINHVUCTHUCHIEN", ("MALINHVUC", "TENLINHVUC"))?,
        agencies,
        authorities: list("COQUANCOTHAMQUYEN")?,
        delegated: list("COQUANDUOCUYQUYEN")?,
        taking_part: list("COQUANPHOIHOP")?,
        reception: fields.text("DIACHITIEPNHAN")?,
        applicants: applicants(fields)?,
        steps: steps(fields)?,
        channels,
        documents: documents(fields)?,
        conditions: fields.text("YEUCAU")?,
        results: outcomes(fields)?,
        legal_basis: acts(fields)?,
        related: Vec::new(),
        keywords: list("TUKHOA")?,
        description: fields.text("MOTA")?,
        source: None,
        doubts,
    })
}

fn named(fields: &Fields<'_>, field: &str, (code, name): (&str, &str)) -> Result<Vec<Named>, Fault> {
    let read = |item: Fields<'_>| Ok(Named { code: item.text(code)?, name: line(&item.must(name)?) });
    fields.objects(field)?.into_iter().map(read).collect()
}

/// The levels, and true if the record tells them; else they are concluded from the names of the agencies.
fn levels(fields: &Fields<'_>, agencies: &[Named]) -> Result<(Vec<Level>, bool), Fault> {
    let told = fields.first(&["CAPTHUCHIEN", "CAPDONVI"])?;
    let mut levels: Vec<Level> = match &told {
        Some(text) => text.split([',', ';']).filter_map(|part| Level::of_list(part.trim())).collect(),
        None => agencies.iter().map(|agency| level_of(&agency.name)).collect(),
    };
    levels.sort_unstable();
    levels.dedup();
    if levels.is_empty() {
        levels.push(Level::Other);
    }
    Ok((levels, told.is_some()))
}

fn level_of(agency: &str) -> Level {
    let folded = format!(" {} ", dinh_model::fold::words(agency).join(" "));
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(&format!(" {word} ")));
    if has(&["xa", "phuong", "dac khu"]) {
        Level::Commune
    } else if has(&["tinh", "so", "thanh pho"]) {
        Level::Province
    } else if has(&["bo", "cuc", "tong cuc", "ngan hang nha nuoc", "thanh tra chinh phu"]) {
        Level::Ministry
    } else {
        Level::Other
    }
}

/// `DOITUONGTHUCHIEN` as a text or a list, or else its description.
fn applicants(fields: &Fields<'_>) -> Result<Vec<String>, Fault> {
    if let Ok(items) = fields.objects("DOITUONGTHUCHIEN")
        && !items.is_empty()
    {
        let read = |item: Fields<'_>| Ok(line(&item.first(&["TENDOITUONG", "TEN"])?.unwrap_or_default()));
        let read: Vec<String> = items.into_iter().map(read).collect::<Result<_, Fault>>()?;
        return Ok(read.into_iter().filter(|name| !name.is_empty()).collect());
    }
    Ok(lists::items(&fields.first(&["DOITUONGTHUCHIEN", "MOTADOITUONGTHUCHIEN"])?.unwrap_or_default()))
}

fn steps(fields: &Fields<'_>) -> Result<Vec<StepSet>, Fault> {
    let mut sets = Vec::new();
    for case in fields.objects("TRINHTUTHUCHIEN")? {
        let told = case
            .objects("TRINHTU")?
            .iter()
            .map(|step| step.text("TENTRINHTU"))
            .collect::<Result<Vec<_>, _>>()?;
        let steps: Vec<String> = told.into_iter().flatten().collect();
        if !steps.is_empty() {
            sets.push(StepSet { case: case.text("TRUONGHOP")?.map(|case| line(&case)), steps });
        }
    }
    Ok(sets)
}

fn channels(fields: &Fields<'_>, doubts: &mut Vec<Doubt>) -> Result<Vec<Channel>, Fault> {
    let mut channels = Vec::new();
    for way in fields.objects("CACHTHUCTHUCHIEN")? {
        let wrong = || Fault::new("CACHTHUCTHUCHIEN.KENH", "must be 1, 2 or 3".to_owned());
        let code = way.text("KENH")?.and_then(|code| code.parse().ok());
        let kind = code.and_then(ChannelKind::of_code).ok_or_else(wrong)?;
        let times = way.objects("THOIGIAN")?;
        if times.is_empty() {
            channels.push(Channel { kind, time: None, fees: Vec::new(), note: way.text("MOTA")? });
        }
        for time in times {
            let fees = time.objects("PHILEPHI")?.iter().map(fee).collect::<Result<Vec<_>, _>>()?;
            let told = duration(&time)?;
            if told.is_some_and(|told| !told.unit_told) && !doubts.contains(&Doubt::TimeUnit) {
                doubts.push(Doubt::TimeUnit);
            }
            channels.push(Channel { kind, time: told, fees, note: time.text("MOTA")? });
        }
    }
    Ok(channels)
}

fn duration(time: &Fields<'_>) -> Result<Option<Duration>, Fault> {
    let Some(number) = time.number("THOIGIANGIAIQUYET")? else { return Ok(None) };
    if number > 100_000.0 {
        return Err(Fault::new("THOIGIANGIAIQUYET", "must be at most 100000".to_owned()));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and ten million")]
    let hundredths = (number * 100.0).round() as u32;
    let unit = time.text("DONVITINH")?;
    let read = unit.as_deref().map(|unit| {
        TimeUnit::of_list(unit).ok_or_else(|| {
            Fault::new("DONVITINH", format!("{unit:?} is none of Ngày làm việc, Ngày, Giờ, Tháng"))
        })
    });
    let unit_told = unit.is_some();
    Ok(Some(Duration { unit: read.transpose()?.unwrap_or(TimeUnit::WorkingDay), hundredths, unit_told }))
}

fn fee(fee: &Fields<'_>) -> Result<Fee, Fault> {
    let amount = fee.number("SOTIEN")?.map(|amount| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative; too much becomes the most"
        )]
        let amount = amount.round() as u64;
        amount
    });
    Ok(Fee { amount, note: fee.text("MOTA")?.map(|note| line(&note)) })
}

fn documents(fields: &Fields<'_>) -> Result<Vec<DocumentSet>, Fault> {
    let mut sets = Vec::new();
    for case in fields.objects("THANHPHANHOSO")? {
        let documents = case.objects("GIAYTO")?.iter().map(document).collect::<Result<Vec<_>, _>>()?;
        if !documents.is_empty() {
            sets.push(DocumentSet { case: case.text("TRUONGHOP")?.map(|case| line(&case)), documents });
        }
    }
    Ok(sets)
}

fn document(item: &Fields<'_>) -> Result<Document, Fault> {
    let count = |field: &str| {
        let number = item.number(field)?.unwrap_or(0.0);
        if number > 1_000.0 {
            return Err(Fault::new(field, "must be at most 1000".to_owned()));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and a thousand"
        )]
        let number = number.round() as u16;
        Ok(number)
    };
    let form = |form: &Fields<'_>| {
        let url = form.text("URL")?.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let name = form.text("TENMAUDON")?.or_else(|| url.clone()).map(|name| line(&name));
        Ok::<_, Fault>(name.map(|name| Form { name, url }))
    };
    let forms = item.objects("MAUDON")?.iter().map(form).collect::<Result<Vec<_>, _>>()?;
    Ok(Document {
        code: item.text("MAGIAYTO")?,
        name: line(&item.must("TENGIAYTO")?),
        originals: count("SOBANCHINH")?,
        copies: count("SOBANSAO")?,
        forms: forms.into_iter().flatten().collect(),
    })
}

fn outcomes(fields: &Fields<'_>) -> Result<Vec<Outcome>, Fault> {
    let read =
        |item: Fields<'_>| Ok(Outcome { code: item.text("MAKETQUA")?, name: line(&item.must("TENKETQUA")?) });
    fields.objects("KETQUATHUCHIEN")?.into_iter().map(read).collect()
}

fn acts(fields: &Fields<'_>) -> Result<Vec<Act>, Fault> {
    let read = |item: Fields<'_>| {
        let number = item.text("SOVANBAN")?;
        let title = item.text("TENVANBAN")?.or_else(|| number.clone());
        let title =
            title.ok_or_else(|| Fault::new("TENVANBAN", "is missing, and so is SOVANBAN".to_owned()))?;
        Ok(Act { number, title: line(&title) })
    };
    fields.objects("CANCUPHAPLY")?.into_iter().map(read).collect()
}
