## Operations page
operations-page = Operations page
layers = Layers
layer = Layer
all-layers = All layers
show-layers = Show the chosen layers
legend-unit = Unit: { $unit }
legend-stale = Hollow sign: the value is old
legend-replay = Gold dot: a replayed value
count-of-entities = Entities in this layer
view = View
view-map = Map
view-split = Split
view-list = List
map = Map
map-needs-script = The map needs JavaScript. The list holds everything that the map shows.
map-failed = This browser cannot draw the map. The list holds everything that the map shows.
list-of-map = List of what the map shows
details = Details
map-data = Map sources
software-licences = Licences of the software that ships
keys = Keys
key-search = Search
key-views = Map, split, list
key-rows = Next row, previous row
key-close = Close the details
live-on = Receiving live
live-waiting = Reconnecting
live-off = Not live
live-changed = { $name }: { $value }
live-changes = { $count } { $count ->
    [one] entity has
   *[other] entities have
  } new values
zoom-in = Zoom in
zoom-out = Zoom out
to-province = See the whole province
cluster-class = Highest: { $class }
cluster-of = A group of { $count } entities; zoom in to see each
needs-attention = Needs attention
nothing-needs-attention = No value is above a threshold now.
health-ok = { $count } { $count ->
    [one] source works
   *[other] sources work
  }
health-waiting = { $count } { $count ->
    [one] source waits
   *[other] sources wait
  } for data
health-silent = { $count } { $count ->
    [one] source is silent
   *[other] sources are silent
  }
health-error = { $count } { $count ->
    [one] source fails
   *[other] sources fail
  }
health-none = No sources yet
