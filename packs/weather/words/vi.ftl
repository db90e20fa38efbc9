# Thời tiết: giá trị của thuộc tính weatherType.
weather-clear = Trời quang
weather-mainly-clear = Ít mây
weather-partly-cloudy = Mây rải rác
weather-overcast = Nhiều mây
weather-fog = Sương mù
weather-drizzle = Mưa phùn
weather-rain = Mưa
weather-heavy-rain = Mưa to
weather-showers = Mưa rào
weather-heavy-showers = Mưa rào to
weather-thunderstorm = Dông
