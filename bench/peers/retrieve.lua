-- One entity after another by its identifier. Arguments: how many entities there are.
local of, at = 100, 1

function init(args)
  of = tonumber(args[1]) or of
end

function request()
  at = (at * 7 + 3) % of
  return wrk.format("GET", string.format("/ngsi-ld/v1/entities/urn:ngsi-ld:Sensor:%07d", at))
end
