package people

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
)

// Numbers encrypts personal numbers (CCCD) at rest and makes the keyed index by which an exact one
// is found again. Both keys come from the installation's secret.
type Numbers struct {
	seal  cipher.AEAD
	index []byte
}

// NewNumbers derives the two keys from the installation's secret, of at least 16 bytes.
func NewNumbers(secret []byte) (*Numbers, error) {
	if len(secret) < 16 {
		return nil, errors.New("the secret key is shorter than 16 bytes")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "ketnap personal number encryption", 32)
	if err != nil {
		return nil, fmt.Errorf("derive encryption key: %w", err)
	}
	index, err := hkdf.Key(sha256.New, secret, nil, "ketnap personal number index", 32)
	if err != nil {
		return nil, fmt.Errorf("derive index key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Numbers{seal: gcm, index: index}, nil
}

// personalNumber is the form of a personal identification number.
var personalNumber = regexp.MustCompile(`^[0-9]{12}$`)

// Seal gives what is stored for a number: its ciphertext and its index. An empty number gives nil.
func (n *Numbers) Seal(number string) (sealed, index []byte) {
	if number == "" {
		return nil, nil
	}
	nonce := make([]byte, n.seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return n.seal.Seal(nonce, nonce, []byte(number), nil), n.Index(number)
}

// Index gives the keyed hash by which an exact number is looked up; nil for an empty one.
func (n *Numbers) Index(number string) []byte {
	if number == "" {
		return nil
	}
	m := hmac.New(sha256.New, n.index)
	m.Write([]byte(number))
	return m.Sum(nil)
}

// Open gives the number back from its ciphertext; "" for none.
func (n *Numbers) Open(sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	size := n.seal.NonceSize()
	if len(sealed) < size {
		return "", errors.New("personal number: ciphertext too short")
	}
	plain, err := n.seal.Open(nil, sealed[:size], sealed[size:], nil)
	if err != nil {
		return "", fmt.Errorf("personal number: %w", err)
	}
	return string(plain), nil
}
