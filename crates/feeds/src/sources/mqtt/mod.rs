//! Kind `mqtt`: messages of an MQTT 5 broker.
//!
//! With QoS 1 a message is acknowledged to the broker only after its records are durable, in the graph or in the
//! dead letters; the broker keeps our session while we are away and delivers again what was not acknowledged. One
//! connection is one life of this source: when it breaks, everything in flight is forgotten here and comes again.

mod options;
mod session;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, Packet, Publish, QoS, SubscribeFilter, SubscribeReasonCode};
use serde_json::Value as Json;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Site;
use super::site::both;
use crate::Words;
use crate::definition::{Format, FormatDefinition, MqttSource};
use crate::formats::{self, Broken, FormatError, Item};
use crate::mapping::{Position, Record};
use crate::runner::{Delivery, Outcome, Outlet};

/// Most messages that the broker may send ahead of our acknowledgements.
const RECEIVE_MAXIMUM: u16 = 256;
/// Messages held between the connection and the pump: all that QoS 1 allows, and as many of QoS 0.
const HELD: usize = 2 * RECEIVE_MAXIMUM as usize;
/// Requests that wait for the connection: an acknowledgement for every message held, and the subscription.
const REQUESTS: usize = HELD + 16;
/// Largest message, unless the definition says otherwise.
const MAX_MESSAGE: u32 = 1 << 20;
/// Most records of one message.
const MAX_RECORDS: usize = 10_000;
/// Longest time that saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// Takes messages until the feed stops or the connection breaks.
pub(super) async fn run(site: &Site, source: &MqttSource, outlet: &Outlet) -> Result<(), Words> {
    let options = options::options(site, source)?;
    let (client, connection) = AsyncClient::builder(options)
        .capacity(REQUESTS)
        .try_build()
        .map_err(|reason| both("cấu hình MQTT không hợp lệ", "the MQTT settings are not valid", &reason))?;
    let (messages, arriving) = mpsc::channel(HELD);
    let mut tasks = JoinSet::new();
    let subscription = Subscription {
        filters: source.topics.clone(),
        qos: if source.qos == 0 { QoS::AtMostOnce } else { QoS::AtLeastOnce },
    };
    tasks.spawn(drive(
        connection,
        client.clone(),
        subscription,
        messages,
        Arc::clone(&site.health),
        Arc::clone(&site.clock),
    ));
    let handing = hand_over(&client, source, outlet, arriving, &site.stop);
    let broken = tokio::select! {
        end = tasks.join_next() => match end {
            Some(Ok(reason)) => reason,
            Some(Err(reason)) => both("lỗi nội bộ", "internal fault", &reason),
            None => Words::new("kết nối đã đóng", "the connection is closed"),
        },
        handed = handing => match handed {
            Ok(()) => {
                say_goodbye(&client, &mut tasks).await;
                return Ok(());
            }
            Err(reason) => reason,
        },
    };
    Err(broken)
}

/// Lets the broker know that we leave in order, so that what we have acknowledged gets there before.
async fn say_goodbye(client: &AsyncClient, tasks: &mut JoinSet<Words>) {
    if client.try_disconnect().is_ok() {
        // If the broker does not listen any more there is nobody to say goodbye to.
        let _gone = tokio::time::timeout(GOODBYE, tasks.join_next()).await;
    }
}

struct Subscription {
    filters: Vec<String>,
    qos: QoS,
}

/// Keeps the connection going and passes messages on. Ends with the reason why the connection broke.
async fn drive(
    mut connection: EventLoop,
    client: AsyncClient,
    subscription: Subscription,
    messages: mpsc::Sender<Publish>,
    health: Arc<crate::runner::Health>,
    clock: Arc<dyn dinh_model::Clock>,
) -> Words {
    loop {
        match connection.poll().await {
            Err(reason) => {
                return both(
                    "mất kết nối tới máy chủ MQTT",
                    "the connection to the MQTT broker is gone",
                    &reason,
                );
            }
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                let filters = subscription
                    .filters
                    .iter()
                    .map(|filter| SubscribeFilter::new(filter.clone(), subscription.qos));
                if let Err(reason) = client.try_subscribe_many(filters) {
                    return both("không đăng ký được chủ đề", "the topics cannot be subscribed to", &reason);
                }
            }
            Ok(Event::Incoming(Packet::SubAck(answer))) => {
                let refused = answer.return_codes.iter().zip(&subscription.filters);
                let refused: Vec<&str> = refused
                    .filter(|(code, _)| !matches!(code, SubscribeReasonCode::Success(_)))
                    .map(|(_, filter)| filter.as_str())
                    .collect();
                if refused.is_empty() {
                    health.reached();
                } else {
                    let names = refused.join(", ");
                    let en = format!("the broker refuses the topics {names}");
                    return Words::new(format!("máy chủ MQTT từ chối chủ đề {names}"), en);
                }
            }
            Ok(Event::Incoming(Packet::Publish(message))) => {
                let may_be_lost = message.qos == QoS::AtMostOnce;
                if may_be_lost && messages.capacity() <= usize::from(RECEIVE_MAXIMUM) {
                    let en = "messages of QoS 0 come faster than they can be written; one was let go";
                    let vi = "thông điệp QoS 0 đến nhanh hơn khả năng ghi, một thông điệp đã bị bỏ";
                    health.remarked(Words::new(vi, en), clock.now());
                } else {
                    // Once we are stopping nobody takes messages any more: the broker keeps them, but the connection
                    // must go on, for the acknowledgements still on their way.
                    let _kept = messages.send(message).await;
                }
            }
            Ok(_) => {}
        }
    }
}

/// Hands messages to the pump and acknowledges them, in the order in which they came, once they are durable. At a
/// stop, what is durable is still acknowledged.
async fn hand_over(
    client: &AsyncClient,
    source: &MqttSource,
    outlet: &Outlet,
    mut arriving: mpsc::Receiver<Publish>,
    stop: &CancellationToken,
) -> Result<(), Words> {
    let mut waiting: VecDeque<(Publish, oneshot::Receiver<Vec<Outcome>>)> = VecDeque::new();
    let mut stopping = false;
    loop {
        if stopping && waiting.is_empty() {
            return Ok(());
        }
        tokio::select! {
            biased;
            durable = first(&mut waiting) => {
                // At a stop the pump ends what it has begun and drops the rest: the broker keeps that for us.
                if durable.is_err() && stop.is_cancelled() {
                    return Ok(());
                }
                durable?;
                if let Some((message, _)) = waiting.pop_front() {
                    client.ack(&message).await.map_err(|reason| {
                        both("không xác nhận được thông điệp", "a message cannot be acknowledged", &reason)
                    })?;
                }
            }
            () = stop.cancelled(), if !stopping => {
                arriving.close();
                stopping = true;
            }
            message = arriving.recv(), if waiting.len() < HELD && !stopping => {
                // The connection is gone; its own task tells why.
                let Some(message) = message else { return std::future::pending().await };
                let (delivery, heard) = Delivery::heard(items(&message, source));
                outlet.send(delivery).await?;
                waiting.push_back((message, heard));
            }
        }
    }
}

/// Waits until the first of the waiting messages is durable; for ever if there is none.
async fn first(waiting: &mut VecDeque<(Publish, oneshot::Receiver<Vec<Outcome>>)>) -> Result<(), Words> {
    match waiting.front_mut() {
        None => std::future::pending().await,
        Some((_, heard)) => match heard.await {
            Ok(_outcomes) => Ok(()),
            Err(_dropped) => Err(crate::runner::Stopped.into()),
        },
    }
}

/// The records of a message, each with its topic.
fn items(message: &Publish, source: &MqttSource) -> Vec<Item> {
    let topic = String::from_utf8_lossy(&message.topic).into_owned();
    let place: Arc<str> = topic.as_str().into();
    let format = source.format.format.unwrap_or(Format::Json);
    let how = FormatDefinition { max_bytes: Some(u64::from(MAX_MESSAGE) * 16), ..source.format.clone() };
    let items = match formats::records(message.payload.to_vec(), &place, format, &how) {
        Ok(items) => items.take(MAX_RECORDS).collect(),
        Err(FormatError(reason)) => {
            let raw = String::from_utf8_lossy(&message.payload);
            vec![Err(Box::new(Broken::new(Position::place(place), reason, &raw)))]
        }
    };
    let known = |item: Item| match item {
        Ok(record) => Ok(with_topic(record, &topic)),
        // Whoever corrects it finds the topic there, and the text beside.
        Err(mut broken) => {
            let text = std::mem::take(&mut broken.raw);
            let fields = serde_json::Map::from_iter([("$raw".to_owned(), text)]);
            broken.raw = with_topic(Record::new(fields, Position::default()), &topic).as_json().clone();
            Err(broken)
        }
    };
    items.into_iter().map(known).collect()
}

fn with_topic(mut record: Record, topic: &str) -> Record {
    for (level, name) in topic.split('/').enumerate().take(32) {
        record.set(&format!("$topic.{level}"), Json::from(name));
    }
    record.set("$topic", Json::from(topic));
    record
}
