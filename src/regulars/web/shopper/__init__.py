"""Pages for shoppers: public, without sign-in, cookie or script; whoever has the link may use it."""
