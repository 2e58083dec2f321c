//! SM2 and SM3 against the examples that the national standards print, so that the crates which compute them are the
//! algorithms of GB/T 32918 and GB/T 32905 and not something close to them.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm3::{Digest as _, Sm3};
use tlog::key::SM2_ID;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// GB/T 32905-2016, annex A.
#[test]
fn sm3_gives_the_digests_of_the_standard() {
    assert_eq!(
        Sm3::digest(b"abc").to_vec(),
        bytes("66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0")
    );
    assert_eq!(
        Sm3::digest("abcd".repeat(16)).to_vec(),
        bytes("debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732")
    );
}

/// The key, message and signature of GB/T 32918.5-2017, annex A, which uses the curve of that part.
#[test]
fn sm2_accepts_the_signature_of_the_standard_and_no_other() {
    let private = bytes("3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8");
    let public = bytes(
        "04 09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020
            CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13",
    );
    let signature = bytes(
        "F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3
            B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA",
    );
    let signing = SigningKey::from_slice(SM2_ID, &private).unwrap();
    let checking = VerifyingKey::from_sec1_bytes(SM2_ID, &public).unwrap();
    assert_eq!(signing.verifying_key().to_sec1_bytes().as_ref(), public.as_slice());
    let printed = Signature::from_slice(&signature).unwrap();
    assert!(checking.verify(b"message digest", &printed).is_ok());
    assert!(checking.verify(b"message digesu", &printed).is_err());
    for place in [0, 31, 32, 63] {
        let mut other = signature.clone();
        other[place] ^= 1;
        let holds = Signature::from_slice(&other).is_ok_and(|other| checking.verify(b"message digest", &other).is_ok());
        assert!(!holds, "byte {place}");
    }
    // Another identifier of the signer is another signature.
    let elsewhere = VerifyingKey::from_sec1_bytes("ALICE123@YAHOO.COM", &public).unwrap();
    assert!(elsewhere.verify(b"message digest", &printed).is_err());
    let ours: Signature = signing.sign(b"message digest");
    assert!(checking.verify(b"message digest", &ours).is_ok());
}
