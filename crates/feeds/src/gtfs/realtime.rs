//! GTFS-Realtime 2.0 messages, written by hand after `gtfs-realtime.proto` so that no protocol compiler is needed.
//!
//! Only what the house reads is here; fields that are not are skipped when decoding, as protobuf wants it. Numbers of
//! fields and enumerations are those of the specification.

use prost::{Enumeration, Message};

/// A whole feed message.
#[derive(Clone, PartialEq, Message)]
pub struct FeedMessage {
    /// About this message.
    #[prost(message, required, tag = "1")]
    pub header: FeedHeader,
    /// What it holds.
    #[prost(message, repeated, tag = "2")]
    pub entity: Vec<FeedEntity>,
}

/// About a feed message.
#[derive(Clone, PartialEq, Message)]
pub struct FeedHeader {
    /// Version of the specification.
    #[prost(string, required, tag = "1")]
    pub gtfs_realtime_version: String,
    /// 0: the whole data set; 1: only changes.
    #[prost(int32, optional, tag = "2")]
    pub incrementality: Option<i32>,
    /// When the content was made, in seconds since 1970.
    #[prost(uint64, optional, tag = "3")]
    pub timestamp: Option<u64>,
}

/// One thing of a feed.
#[derive(Clone, PartialEq, Message)]
pub struct FeedEntity {
    /// Its identifier within the feed.
    #[prost(string, required, tag = "1")]
    pub id: String,
    /// It is no more.
    #[prost(bool, optional, tag = "2")]
    pub is_deleted: Option<bool>,
    /// How a trip runs compared with its timetable.
    #[prost(message, optional, tag = "3")]
    pub trip_update: Option<TripUpdate>,
    /// Where a vehicle is.
    #[prost(message, optional, tag = "4")]
    pub vehicle: Option<VehiclePosition>,
    /// What travellers should know.
    #[prost(message, optional, tag = "5")]
    pub alert: Option<Alert>,
}

/// How a trip runs compared with its timetable.
#[derive(Clone, PartialEq, Message)]
pub struct TripUpdate {
    /// The trip.
    #[prost(message, required, tag = "1")]
    pub trip: TripDescriptor,
    /// Its stops.
    #[prost(message, repeated, tag = "2")]
    pub stop_time_update: Vec<StopTimeUpdate>,
    /// The vehicle that serves it.
    #[prost(message, optional, tag = "3")]
    pub vehicle: Option<VehicleDescriptor>,
    /// When this was measured, in seconds since 1970.
    #[prost(uint64, optional, tag = "4")]
    pub timestamp: Option<u64>,
    /// Delay of the whole trip in seconds; early is negative.
    #[prost(int32, optional, tag = "5")]
    pub delay: Option<i32>,
}

/// One stop of a trip.
#[derive(Clone, PartialEq, Message)]
pub struct StopTimeUpdate {
    /// Its number in the trip.
    #[prost(uint32, optional, tag = "1")]
    pub stop_sequence: Option<u32>,
    /// The arrival.
    #[prost(message, optional, tag = "2")]
    pub arrival: Option<StopTimeEvent>,
    /// The departure.
    #[prost(message, optional, tag = "3")]
    pub departure: Option<StopTimeEvent>,
    /// The stop.
    #[prost(string, optional, tag = "4")]
    pub stop_id: Option<String>,
    /// 0: as in the timetable, 1: skipped, 2: no data.
    #[prost(int32, optional, tag = "5")]
    pub schedule_relationship: Option<i32>,
}

/// An arrival or a departure.
#[derive(Clone, PartialEq, Message)]
pub struct StopTimeEvent {
    /// Delay in seconds.
    #[prost(int32, optional, tag = "1")]
    pub delay: Option<i32>,
    /// When, in seconds since 1970.
    #[prost(int64, optional, tag = "2")]
    pub time: Option<i64>,
    /// Uncertainty in seconds.
    #[prost(int32, optional, tag = "3")]
    pub uncertainty: Option<i32>,
}

/// Where a vehicle is.
#[derive(Clone, PartialEq, Message)]
pub struct VehiclePosition {
    /// The trip it serves.
    #[prost(message, optional, tag = "1")]
    pub trip: Option<TripDescriptor>,
    /// Its place.
    #[prost(message, optional, tag = "2")]
    pub position: Option<Position>,
    /// Number of the stop that it is at or comes to.
    #[prost(uint32, optional, tag = "3")]
    pub current_stop_sequence: Option<u32>,
    /// How it stands to that stop.
    #[prost(enumeration = "VehicleStopStatus", optional, tag = "4")]
    pub current_status: Option<i32>,
    /// When this was measured, in seconds since 1970.
    #[prost(uint64, optional, tag = "5")]
    pub timestamp: Option<u64>,
    /// The stop that it is at or comes to.
    #[prost(string, optional, tag = "7")]
    pub stop_id: Option<String>,
    /// The vehicle.
    #[prost(message, optional, tag = "8")]
    pub vehicle: Option<VehicleDescriptor>,
    /// How full it is.
    #[prost(enumeration = "OccupancyStatus", optional, tag = "9")]
    pub occupancy_status: Option<i32>,
    /// How full it is, in percent.
    #[prost(uint32, optional, tag = "10")]
    pub occupancy_percentage: Option<u32>,
}

/// A place on the earth.
#[derive(Clone, PartialEq, Message)]
pub struct Position {
    /// Degrees north.
    #[prost(float, required, tag = "1")]
    pub latitude: f32,
    /// Degrees east.
    #[prost(float, required, tag = "2")]
    pub longitude: f32,
    /// Degrees clockwise from north.
    #[prost(float, optional, tag = "3")]
    pub bearing: Option<f32>,
    /// Metres.
    #[prost(double, optional, tag = "4")]
    pub odometer: Option<f64>,
    /// Metres a second.
    #[prost(float, optional, tag = "5")]
    pub speed: Option<f32>,
}

/// A trip.
#[derive(Clone, PartialEq, Message)]
pub struct TripDescriptor {
    /// Its identifier in the timetable.
    #[prost(string, optional, tag = "1")]
    pub trip_id: Option<String>,
    /// When it starts, `HH:MM:SS`.
    #[prost(string, optional, tag = "2")]
    pub start_time: Option<String>,
    /// On which day it starts, `YYYYMMDD`.
    #[prost(string, optional, tag = "3")]
    pub start_date: Option<String>,
    /// Whether it is in the timetable, added, cancelled …
    #[prost(enumeration = "TripRelationship", optional, tag = "4")]
    pub schedule_relationship: Option<i32>,
    /// Its route.
    #[prost(string, optional, tag = "5")]
    pub route_id: Option<String>,
    /// Its direction.
    #[prost(uint32, optional, tag = "6")]
    pub direction_id: Option<u32>,
}

/// A vehicle.
#[derive(Clone, PartialEq, Message)]
pub struct VehicleDescriptor {
    /// Its identifier with the operator.
    #[prost(string, optional, tag = "1")]
    pub id: Option<String>,
    /// What travellers see on it.
    #[prost(string, optional, tag = "2")]
    pub label: Option<String>,
    /// Its number plate.
    #[prost(string, optional, tag = "3")]
    pub license_plate: Option<String>,
}

/// What travellers should know.
#[derive(Clone, PartialEq, Message)]
pub struct Alert {
    /// When it is shown.
    #[prost(message, repeated, tag = "1")]
    pub active_period: Vec<TimeRange>,
    /// Whom it concerns.
    #[prost(message, repeated, tag = "5")]
    pub informed_entity: Vec<EntitySelector>,
    /// Why.
    #[prost(enumeration = "Cause", optional, tag = "6")]
    pub cause: Option<i32>,
    /// What happens.
    #[prost(enumeration = "Effect", optional, tag = "7")]
    pub effect: Option<i32>,
    /// Where to read more.
    #[prost(message, optional, tag = "8")]
    pub url: Option<TranslatedString>,
    /// In short.
    #[prost(message, optional, tag = "10")]
    pub header_text: Option<TranslatedString>,
    /// At length.
    #[prost(message, optional, tag = "11")]
    pub description_text: Option<TranslatedString>,
    /// 1: unknown, 2: information, 3: warning, 4: severe.
    #[prost(int32, optional, tag = "14")]
    pub severity_level: Option<i32>,
}

/// From when to when, in seconds since 1970; open where not told.
#[derive(Clone, PartialEq, Message)]
pub struct TimeRange {
    /// Begin.
    #[prost(uint64, optional, tag = "1")]
    pub start: Option<u64>,
    /// End.
    #[prost(uint64, optional, tag = "2")]
    pub end: Option<u64>,
}

/// Whom an alert concerns.
#[derive(Clone, PartialEq, Message)]
pub struct EntitySelector {
    /// An agency.
    #[prost(string, optional, tag = "1")]
    pub agency_id: Option<String>,
    /// A route.
    #[prost(string, optional, tag = "2")]
    pub route_id: Option<String>,
    /// A trip.
    #[prost(message, optional, tag = "4")]
    pub trip: Option<TripDescriptor>,
    /// A stop.
    #[prost(string, optional, tag = "5")]
    pub stop_id: Option<String>,
}

/// A text in several languages.
#[derive(Clone, PartialEq, Message)]
pub struct TranslatedString {
    /// The texts.
    #[prost(message, repeated, tag = "1")]
    pub translation: Vec<Translation>,
}

/// A text in one language.
#[derive(Clone, PartialEq, Message)]
pub struct Translation {
    /// The text.
    #[prost(string, required, tag = "1")]
    pub text: String,
    /// BCP 47 language; not told where there is only one.
    #[prost(string, optional, tag = "2")]
    pub language: Option<String>,
}

/// How a vehicle stands to a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
pub enum VehicleStopStatus {
    /// About to arrive.
    IncomingAt = 0,
    /// Standing there.
    StoppedAt = 1,
    /// On its way.
    InTransitTo = 2,
}

/// How full a vehicle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
pub enum OccupancyStatus {
    /// Nobody or nearly nobody.
    Empty = 0,
    /// Many seats.
    ManySeatsAvailable = 1,
    /// Few seats.
    FewSeatsAvailable = 2,
    /// Standing room.
    StandingRoomOnly = 3,
    /// Little standing room.
    CrushedStandingRoomOnly = 4,
    /// Full.
    Full = 5,
    /// Takes nobody.
    NotAcceptingPassengers = 6,
    /// Nobody knows.
    NoDataAvailable = 7,
    /// Not for passengers.
    NotBoardable = 8,
}

/// How a trip stands to the timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
pub enum TripRelationship {
    /// In the timetable.
    Scheduled = 0,
    /// Added to it.
    Added = 1,
    /// Runs without a timetable.
    Unscheduled = 2,
    /// Cancelled.
    Canceled = 3,
    /// Stands in for another.
    Replacement = 5,
    /// A copy of another at another time.
    Duplicated = 6,
    /// Taken out, not to be shown.
    Deleted = 7,
}

/// Why an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
pub enum Cause {
    /// Not known.
    UnknownCause = 1,
    /// Another.
    OtherCause = 2,
    /// Something technical.
    TechnicalProblem = 3,
    /// A strike.
    Strike = 4,
    /// A demonstration.
    Demonstration = 5,
    /// An accident.
    Accident = 6,
    /// A holiday.
    Holiday = 7,
    /// The weather.
    Weather = 8,
    /// Maintenance.
    Maintenance = 9,
    /// Construction.
    Construction = 10,
    /// The police.
    PoliceActivity = 11,
    /// Somebody is ill.
    MedicalEmergency = 12,
}

/// What an alert says will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
pub enum Effect {
    /// No service.
    NoService = 1,
    /// Less service.
    ReducedService = 2,
    /// Delays.
    SignificantDelays = 3,
    /// A detour.
    Detour = 4,
    /// More service.
    AdditionalService = 5,
    /// Another service.
    ModifiedService = 6,
    /// Something else.
    OtherEffect = 7,
    /// Not known.
    UnknownEffect = 8,
    /// A stop has moved.
    StopMoved = 9,
    /// None.
    NoEffect = 10,
    /// Something about accessibility.
    AccessibilityIssue = 11,
}
