# Mức chất lượng không khí (Quyết định 1459/QĐ-TCMT, bảng 1).
air-quality-good = Tốt
air-quality-moderate = Trung bình
air-quality-unhealthy-for-sensitive = Kém
air-quality-unhealthy = Xấu
air-quality-very-unhealthy = Rất xấu
air-quality-hazardous = Nguy hại
