//! The main job from end to end: a class is published, a professional enrols, attends and passes, hours are posted, a
//! certificate is issued, a stranger verifies it, a forged one is refused.
