-- PATCH of one attribute of one entity after another, in an order that no cache guesses. Arguments: how many entities there are.
local of, at = 100, 0

function init(args)
  of = tonumber(args[1]) or of
  math.randomseed(os.time())
  at = math.random(of)
end

function request()
  at = (at * 7 + 3) % of
  local path = string.format("/ngsi-ld/v1/entities/urn:ngsi-ld:Sensor:%07d/attrs/temperature", at)
  local body = string.format('{"type":"Property","value":%.2f}', math.random() * 40)
  return wrk.format("PATCH", path, { ["Content-Type"] = "application/json" }, body)
end
