test-works = Working
