def database_url(): return "postgres://x"
def redis_url(): return "redis://localhost:6379/0"
