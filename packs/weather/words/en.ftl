# Weather: values of the attribute weatherType.
weather-clear = Clear sky
weather-mainly-clear = Mainly clear
weather-partly-cloudy = Partly cloudy
weather-overcast = Overcast
weather-fog = Fog
weather-drizzle = Drizzle
weather-rain = Rain
weather-heavy-rain = Heavy rain
weather-showers = Showers
weather-heavy-showers = Heavy showers
weather-thunderstorm = Thunderstorm
