-- Batches of 100 entities with five attributes, which are there already. Arguments: how many entities there are.
local of, at = 100, 0

function init(args)
  of = tonumber(args[1]) or of
end

function request()
  local batch = {}
  for i = 1, 100 do
    at = (at + 1) % of
    batch[i] = string.format(
      '{"id":"urn:ngsi-ld:Sensor:%07d","type":"Sensor",'
        .. '"temperature":{"type":"Property","value":%.2f,"unitCode":"CEL"},'
        .. '"humidity":{"type":"Property","value":%d},"serial":{"type":"Property","value":%d},'
        .. '"status":{"type":"Property","value":"%s"},"name":{"type":"Property","value":"Sensor number %d"}}',
      at, math.random() * 40, math.random(100), at, at % 7 == 0 and "fault" or "ok", at)
  end
  local body = "[" .. table.concat(batch, ",") .. "]"
  return wrk.format("POST", "/ngsi-ld/v1/entityOperations/upsert", { ["Content-Type"] = "application/json" }, body)
end
